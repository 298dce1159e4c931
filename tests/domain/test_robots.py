"""Who looks at a link: the programs that do, by the names they give, and people's phones."""

import pytest

from assistant.domain.robots import is_robot

PROGRAMS = """
facebookexternalhit/1.1;line-poker/1.0
WhatsApp/2.23.20.0 A
TelegramBot (like TwitterBot)
Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)
Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)
Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)
Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Twitterbot/1.0
Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
Mozilla/5.0 (compatible; Barracuda Sentinel; EE)
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36
python-requests/2.31.0
Python/3.11 aiohttp/3.9
curl/8.4.0
Wget/1.21
Go-http-client/2.0
okhttp/4.12.0
Java/17.0.9
axios/1.6.0
TwilioProxy/1.1
Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17126; Pro)
"""
PEOPLE = """
Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36
Mozilla/5.0 (Linux; Android 13; SM-S918U) AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.1 Safari/605.1.15
Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0
"""


@pytest.mark.parametrize("agent", PROGRAMS.strip().splitlines())
def test_a_program(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.parametrize("agent", PEOPLE.strip().splitlines())
def test_a_person(agent: str) -> None:
    assert not is_robot(agent)


@pytest.mark.parametrize("agent", ["", "   "])
def test_who_says_nothing_is_taken_for_a_program(agent: str) -> None:
    assert is_robot(agent)
