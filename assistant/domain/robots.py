"""Tells programs that look at links from people who do: previews, scanners and crawlers (`features.md` G9)."""

import re

ROBOTS = re.compile(
    r"bot\b|bots\b|crawl|spider|preview|scan|slurp|facebookexternalhit|whatsapp|telegram|slack|discord|skype|twitter"
    r"|linkedin|pinterest|google-|googleimageproxy|adsbot|bingpreview|applebot|yahoo|yandex|baidu|duckduck"
    r"|proofpoint|mimecast|barracuda|symantec|messagelabs|fireeye|forcepoint|sophos|trendmicro|kaspersky|avast"
    r"|safelinks|safe links|microsoft office|outlook|exchange|headless|phantom|selenium|puppeteer|playwright"
    r"|python|curl|wget|java/|okhttp|go-http|node-fetch|axios|libwww|httpclient|ruby|perl|php|twilio|sendgrid|monitor",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Whether a user agent is a program's; one that says nothing of itself is taken for one."""
    return not agent.strip() or ROBOTS.search(agent) is not None
