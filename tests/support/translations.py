# SPDX-License-Identifier: GPL-3.0-or-later
"""Translations as gettext reads them, and languages that nobody speaks: texts with accents and a third longer,
and texts from right to left. What is not translated, or is cut, is seen at once in them.

    locale = make_locales(folder, build)
    env.update(locale.environment("de_DE"))
"""

import gettext
import io
import os
import re
import subprocess

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TEMPLATE = os.path.join(TOP, "po", "latchkey.pot")
DOMAIN = "latchkey"

# What a program fills in or a person types; it stays as it is.
FIXED = re.compile(r"%(?:\d+\$)?[-+ #0'I]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]"
                   r"|%-[a-zA-Z]|\{[a-z][a-z-]*\}|</?[a-zA-Z][^<>]*>|&[a-z]+;|\n|_\w")
ACCENTS = str.maketrans("AEIOUYaeiouycnsz", "ÀÉÎÕÜÝàéîõüýçñšž")
# What is in these marks went through gettext.
BEGIN, END = "⟦", "⟧"
RIGHT_TO_LEFT, OVER, POP = "\u200f", "\u202e", "\u202c"


def read(path):
    """A .po or .pot file as {(context, id, form): text}; form is 0 where there is no plural. What is
    fuzzy or empty in a .po is not there; a .pot stands for itself."""
    is_template = path.endswith(".pot")
    with open(path, "rb") as file:
        source = file.read()
    if is_template:
        source = source.replace(b"#, fuzzy\n", b"", 1).replace(
            b"nplurals=INTEGER; plural=EXPRESSION;", b"nplurals=2; plural=(n != 1);")
        source = subprocess.run(["msgen", "-"], input=source, check=True, capture_output=True).stdout
    compiled = subprocess.run(["msgfmt", "--output-file=-", "-"], input=source, check=True,
                              capture_output=True).stdout
    texts = {}
    for key, text in _catalog(compiled).items():
        name, form = key if isinstance(key, tuple) else (key, 0)
        context, _, words = name.rpartition("\x04")
        if words:
            texts[context or None, words, form] = text
    return texts


def _catalog(compiled):
    return gettext.GNUTranslations(io.BytesIO(compiled))._catalog


def is_plural(texts, context, words):
    return (context, words, 1) in texts


def fixed_parts(text):
    """What must be in a translation as well, sorted, without numbers of positions and the letters of
    mnemonics."""
    return sorted(re.sub(r"\d+\$|(?<=^_).", "", part) for part in FIXED.findall(text) if part != "%%")


def accented(text):
    """With accents, a third longer, in marks."""
    parts, last = [], 0
    for match in FIXED.finditer(text):
        parts += [text[last:match.start()].translate(ACCENTS), match.group()]
        last = match.end()
    parts.append(text[last:].translate(ACCENTS))
    lead, body, tail = re.fullmatch(r"(\s*)(.*?)(\s*)", "".join(parts), re.DOTALL).groups()
    longer = " lõrém ipšüm dõlõr šit àmét çõñšéçtétür àdipišiñg élit"
    wanted = max(2, len(body) // 3)
    return f"{lead}{BEGIN}{body}{(longer * (wanted // len(longer) + 1))[:wanted].rstrip()}{END}{tail}"


def mirrored(text):
    """Each word from right to left."""
    def turn(words):
        return re.sub(r"\w[\w’'-]*", lambda word: f"{RIGHT_TO_LEFT}{OVER}{word.group()}{POP}", words)

    lead = re.match(r"\s*", text).group()
    parts, last = [lead, RIGHT_TO_LEFT if text.strip() else ""], len(lead)
    for match in FIXED.finditer(text, last):
        parts += [turn(text[last:match.start()]), match.group()]
        last = match.end()
    return "".join([*parts, turn(text[last:])])


def _quoted(text):
    for old, new in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(old, new)
    return f'"{text}"'


def write_invented(path, language, invent):
    """Compiles the template, each text as @invent makes it."""
    texts = read(TEMPLATE)
    lines = ['msgid ""', 'msgstr ""', _quoted(f"Language: {language}\n"),
             _quoted("Content-Type: text/plain; charset=UTF-8\n"),
             _quoted("Plural-Forms: nplurals=2; plural=(n != 1);\n"), ""]
    for (context, words, form), text in texts.items():
        if form != 0:
            continue
        if context is not None:
            lines.append("msgctxt " + _quoted(context))
        lines.append("msgid " + _quoted(words))
        if is_plural(texts, context, words):
            plural = texts[context, words, 1]
            lines += ["msgid_plural " + _quoted(plural), "msgstr[0] " + _quoted(invent(text)),
                      "msgstr[1] " + _quoted(invent(plural))]
        else:
            lines.append("msgstr " + _quoted(invent(text)))
        lines.append("")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(["msgfmt", "--output-file=" + path, "-"], input="\n".join(lines).encode(),
                   check=True)


# Language of the texts → whose dates and numbers, and how its texts are made.
INVENTED = {"en_XA": ("en_GB", accented), "ar_XB": ("ar_EG", mirrored)}


class Locales:
    """Languages for the programs of a test build, in a folder of their own."""

    def __init__(self, folder, build):
        self.folder, self.build = folder, build

    def environment(self, name):
        """What makes programs speak @name, such as "de_DE" or "en_XA"."""
        base, invent = INVENTED.get(name, (name, None))
        formats = os.path.join(self.folder, "formats")
        texts = os.path.join(self.build, "po")
        os.makedirs(formats, exist_ok=True)
        if not os.path.isdir(os.path.join(formats, name + ".UTF-8")):
            # Warnings of the definition make its exit status 1.
            subprocess.run(["localedef", "--no-archive", "-c", "-i", base, "-f", "UTF-8",
                            os.path.join(formats, name + ".UTF-8")], check=False,
                           capture_output=True)
        if invent is not None:
            texts = os.path.join(self.folder, "texts")
            write_invented(os.path.join(texts, name, "LC_MESSAGES", DOMAIN + ".mo"), name, invent)
        return {"LOCPATH": formats, "LC_ALL": name + ".UTF-8", "LANG": name + ".UTF-8",
                "LANGUAGE": name, "LATCHKEY_TEST_LOCALEDIR": texts}

    def words(self, name):
        """{English: text} of @name, for finding buttons by what they say."""
        texts = os.path.join(self.folder, "texts") if name in INVENTED \
            else os.path.join(self.build, "po")
        found = gettext.find(DOMAIN, texts, [name])
        with open(found, "rb") as file:
            return {key.rpartition("\x04")[2]: text
                    for key, text in gettext.GNUTranslations(file)._catalog.items()
                    if isinstance(key, str)}
