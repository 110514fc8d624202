"""XML without document types and entities: the text and attributes of each element, by path.

expat reads it through defusedxml, which refuses what makes XML dangerous to read (CWE-611, CWE-776) before it is read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from xml.sax import SAXException, SAXParseException, handler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from waf.errors import BadRequest
from waf.parse.media import CHARSETS
from waf.parse.text_body import refuse_wide
from waf.protocols.sink import PATH_CAP

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

_ENCODING: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")

Emit = Callable[[str, str], None]
"""(path, text)"""


def read_xml(raw: bytes, most: int, emit: Emit) -> None:
    """Hands each element's own text (`/a/b`), attribute (`/a/b/@href`) and processing instruction to `emit`.

    Raises BadRequest: `xml-entities` for a document type or entity, `xml-malformed`, `xml-nodes` for more than `most`
    elements and attributes, `charset` for an encoding that cannot be inspected.
    """
    refuse_wide(raw)
    declared = _ENCODING.match(raw.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared and declared[1].decode("latin-1").lower() not in CHARSETS:
        raise BadRequest("charset", "The charset of the body is not one that can be inspected.")
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(_Reader(most, emit))
    try:
        parser.parse(io.BytesIO(raw))
    except DefusedXmlException:
        raise BadRequest("xml-entities", "The XML body declares a document type or entities.") from None
    except (SAXParseException, SAXException, ValueError):
        raise BadRequest("xml-malformed", "The body is not well-formed XML.") from None


class _Reader(handler.ContentHandler):
    """Keeps the path and the text so far of each open element."""

    def __init__(self, most: int, emit: Emit) -> None:
        super().__init__()
        self._left = most
        self._emit = emit
        self._open: list[tuple[str, list[str]]] = [("", [])]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, the names are SAX's
        above = self._open[-1][0]
        path = f"{above}/{name}" if len(above) + len(name) <= PATH_CAP else above
        self._left -= 1 + len(attrs)
        if self._left < 0:
            raise BadRequest("xml-nodes", "The XML body has too many elements and attributes.")
        self._open.append((path, []))
        for attribute, value in attrs.items():
            self._emit(f"{path}/@{attribute[:PATH_CAP]}", value)

    def characters(self, content: str) -> None:
        self._open[-1][1].append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        path, pieces = self._open.pop()
        text = "".join(pieces)
        if text and not text.isspace():
            self._emit(path, text)

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        self._emit(f"{self._open[-1][0]}/processing-instruction()", f"{target} {data}")
