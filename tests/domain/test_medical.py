import pytest

from assistant.domain.medical import Medical, read

CARE = """
is this swelling normal?
my face is swollen after yesterday
I'm pregnant can I still come
can I take ibuprofen after
me duele mucho la cara
estoy embarazada
having an allergic reaction
tengo hinchazon en los labios
My eyelid is drooping
breaking out in hives
I'm on blood thinners is that ok
"""
CRISIS = """
i want to kill myself
no puedo respirar
I can't breathe
I don't want to be here anymore
quiero morirme
"""
NEITHER = """
painless!
this price hurts
is botox included
sick of these texts
how much is botox
i'm dying to see you
it doesn't hurt to ask
does the plan cover acne facials
pause my membership
hurts my budget, need to cancel
is it normal to be charged twice
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (text, kind)
        for table, kind in ((CARE, Medical.CARE), (CRISIS, Medical.CRISIS), (NEITHER, None))
        for text in table.strip().splitlines()
    ],
)
def test_what_a_clinician_must_see(text: str, kind: Medical | None) -> None:
    assert read(text) is kind
