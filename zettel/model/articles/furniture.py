"""Recognise page furniture: text around an article that is not the author's, such as buttons, counts and other people's comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zettel.model.text.fold import fold
from zettel.model.text.prose import ends_sentence

MAX_LINE_LENGTH = 300
"""Characters that a line of furniture has at most."""

SURE_PATTERNS = {
    "a link of the page": r"(?:return|back) to (?:site|top|home|blog|all posts)|skip to (?:main )?content|zurück zur startseite|read more|see more|show more|load more"
    r"|(?:related|recommended|popular|more|other) (?:posts|articles|stories|reading)(?: .{0,40})?|recommended for you|more from .{1,60}|explore topics|others also viewed"
    r"|you (?:may|might) also like.{0,20}|keep reading|other members also viewed|community insights|社区洞察|其他会员也浏览了|相关推荐|更多(?:文章|推荐)",
    "a share button": r"share (?:this|on|via|with|article|post|link)\b.{0,40}|share:?|tweet(?: this)?|pin it|copy link|email this|print this|teilen|partager|compartir|paylaş|分享(?:到.{0,10})?|(?:facebook|twitter|linkedin|whatsapp|email|x|,| |\||·){9,60}",
    "a reply button": r"reply|repl(?:y|ies) to .{1,40}|\d+ repl(?:y|ies)|回复|回覆|返信|antworten|répondre|responder|rispondi|yanıtla|ответить",
    "the comments' heading": r"(?:\d+ )?(?:comments?|yorum(?:lar)?|评论|评论区|kommentare?|commentaires?|comentarios|commenti|комментарии)(?: ?\(?\d+\)?)?:?|(?:leave|add|post|write) a (?:comment|reply)|be the first to comment.?|view (?:all )?\d* ?(?:more )?comments",
    "an invitation to sign in": r"sign in|sign up|log ?in|join now|create (?:an )?account|anmelden|se connecter|iniciar sesión|giriş yap|登录|注册|(?:to view or add a comment|要查看或添加评论).{0,30}|sign in to .{1,60}|already a member\?.{0,20}|(?:please )?log ?in to .{1,60}",
    "an invitation to subscribe": r"subscribe(?: (?:now|to|for|today|here)\b.{0,80})?|sign up (?:for|to) .{1,80}|get (?:the|our) (?:latest|newsletter).{0,80}|join (?:our|the) (?:newsletter|mailing list).{0,60}|newsletter|abonnieren|s'abonner|suscribirse|abone ol|订阅|follow (?:us|me)(?: on .{1,40})?",
    "the time that reading takes": r"(?:reading time:? )?\d+ ?[- ]?min(?:ute)?s?(?: read(?:ing)?)?(?: time)?|阅读(?:时间)?:? ?\d+ ?分钟|\d+ min\.? (?:lesezeit|de lecture|de lectura)",
    "a cookie note": r".*\bcookies?\b.*(?:accept|consent|policy|we use|preferences|settings|agree).*|(?:we|this (?:web)?site) uses? cookies.*|accept (?:all )?cookies|cookie[- ](?:settings|policy|preferences)",
    "an advertisement": r"advertisement|advertorial|sponsored(?: content)?|anzeige|publicité|广告",
    "a copyright line": r"(?:©|\(c\)|copyright).{0,120}(?:all rights reserved.?|\d{4}.{0,60})|all rights reserved.?|privacy policy|terms (?:of (?:use|service)|and conditions)|powered by .{1,40}",
}
UNSURE_PATTERNS = {
    "a count": r"\d{1,3}(?:[.,]\d{1,3})*k?|\d+ (?:likes?|claps?|shares?|views?|reactions?|reposts?)|\d+ (?:个)?赞",
    "the age of a comment": r"\d+ ?(?:s|sec|min|m|h|hr|d|w|wk|mo|y|yr|j)s?\.?(?: ago)?|(?:\d+|an?) (?:second|minute|hour|day|week|month|year)s? ago|\d+ ?(?:个?小时|天|周|个?星期|个?月|年)前?|vor \d+ \w+|il y a \d+ \w+|hace \d+ \w+|\d+ (?:gün|hafta|ay|yıl)(?: önce)?|edited",
    "a button": r"like|like this|love|insightful|celebrate|support|comment|share|send|follow|save|print|menu|home|search|close|next|previous|repost|report this.{0,30}|more|点赞|赞|喜欢|收藏|关注|beğen|gefällt mir|j'aime|me gusta",
}
"""Lines that are furniture only next to other furniture, or at either end of a text: a single 2 may be part of the article."""

_COMPILED_SURE = {why: re.compile(pattern) for why, pattern in SURE_PATTERNS.items()}
_COMPILED_UNSURE = {why: re.compile(pattern) for why, pattern in UNSURE_PATTERNS.items()}
COMMENT, REPLY, AGE = "other people's comments", "a reply button", "the age of a comment"


def classify_blocks(blocks: Sequence[str]) -> list[str]:
    """Return for each block, given as one line, why it looks like page furniture. The reason is empty for the author's text."""
    reasons = [_find_reason(block, _COMPILED_SURE) for block in blocks]
    unsure = ["" if reason else _find_reason(block, _COMPILED_UNSURE) for reason, block in zip(reasons, blocks, strict=True)]
    for start, end in _find_comments(blocks, reasons, unsure):
        for number in range(start, end):
            reasons[number] = reasons[number] or COMMENT
    for numbers in (range(len(blocks)), reversed(range(len(blocks)))):
        is_adjacent = True  # the end of the text counts as furniture
        for number in numbers:
            reasons[number] = reasons[number] or (unsure[number] if is_adjacent else "")
            is_adjacent = bool(reasons[number])
    return reasons if not all(reasons) else [""] * len(blocks)


def is_furniture(line: str) -> bool:
    """Return whether a line is furniture wherever it occurs."""
    return bool(_find_reason(line, _COMPILED_SURE))


def _find_reason(line: str, patterns: dict[str, re.Pattern[str]]) -> str:
    if len(line) > MAX_LINE_LENGTH:
        return ""
    words = fold(line).replace("，", ",").strip(" •·|-–—>»→#*_")
    return next((reason for reason, pattern in patterns.items() if pattern.fullmatch(words)), "")


def _find_comments(blocks: Sequence[str], reasons: list[str], unsure_reasons: list[str]) -> list[tuple[int, int]]:
    """Return the (start, end) of comments as block numbers: from the name above a comment's age to the reply button below it."""
    spans: list[tuple[int, int]] = []
    start = -1
    for number in range(len(blocks)):
        if unsure_reasons[number] == AGE and start < 0:
            start = number
            while start and number - start < 2 and _can_be_name(blocks[start - 1]) and not reasons[start - 1]:
                start -= 1
        elif reasons[number] == REPLY and start >= 0:
            spans.append((start, number + 1))
            start = -1
    return spans


def _can_be_name(line: str) -> bool:
    """Return whether a line may be a person's name or self-description, because it is not a sentence."""
    return len(line) <= 250 and (not ends_sentence(line) or line.endswith("??"))
