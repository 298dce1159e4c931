from assistant.simulation import queries; queries.QUERIES.pop("I20 what a person did to an invoice has its record", None)
import time, collections
import tests.stories.test_crash_dues as t
from tests.stories.killing import Harness
T=collections.Counter(); N=collections.Counter()
def wrap(cls,name):
    f=getattr(cls,name)
    def g(*a,**k):
        b=time.perf_counter()
        try: return f(*a,**k)
        finally:
            T[name]+=time.perf_counter()-b; N[name]+=1
    setattr(cls,name,g)
for n in ("run","finish","_until_its_connections_are_gone"): wrap(Harness,n)
for n in ("member","check"): wrap(t.Dues,n)
wrap(t.Watch,"month")
from tests.conftest import *
dues=t.dues
from tests.stories.test_crash_dues import *
def test_z_report():
    for k in T: print(k, N[k], round(T[k],2), round(1000*T[k]/N[k],1),"ms")
