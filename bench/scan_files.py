"""Encodes pictures of reports as files: PDF, OFD, DOCX, RTF, HTML and formats of pictures."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Sequence

import docx
from PIL import Image
from PIL.Image import Image as Picture

from bench.form_pictures import AGENCY, YEAR

TITLE = f"{AGENCY}{YEAR}年政府信息公开工作年度报告"
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def saved(picture: Picture, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def pdf(pictures: Sequence[Picture], dpi: int = 150) -> bytes:
    """A PDF of scans; bitonal ones are compressed by CCITT Group 4."""
    return saved(pictures[0], "PDF", resolution=dpi, save_all=True, append_images=pictures[1:])


def jbig2_pdf(pictures: Sequence[Picture], dpi: int = 150) -> bytes:
    """A PDF of bitonal scans in JBIG2 (ITU-T T.88): one generic region a page, coded as Group 4 (MMR)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for picture in pictures:
        width, height = picture.size
        ink = picture.convert("L").point(lambda value: 0 if value > 140 else 255).convert("1")
        tiff = saved(ink, "TIFF", compression="group4", tiffinfo={278: height})
        with Image.open(io.BytesIO(tiff)) as stored:
            offset, size = stored.tag_v2[273][0], stored.tag_v2[279][0]
        region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + tiff[offset : offset + size]
        page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
        coded = b"".join(
            struct.pack(">IBBBI", number, kind, 0, 1, len(content)) + content
            for number, (kind, content) in enumerate(((48, page), (38, region)))
        )
        first = len(objects) + 1
        kids.append(first)
        across, down = (f"{side * 72 / dpi:.2f}" for side in picture.size)
        drawn = f"{across} 0 0 {down} 0 0 cm /I Do".encode()
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}] /Contents {first + 1} 0 R "
            f"/Resources << /XObject << /I {first + 2} 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 "
            b"/Filter /JBIG2Decode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(coded), coded),
        ]
    listed = " ".join(f"{number} 0 R" for number in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode()
    file, places = io.BytesIO(b"%PDF-1.5\n"), []
    file.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return file.getvalue()


def rotated_pdf(pictures: Sequence[Picture], turn: int) -> bytes:
    """A PDF whose sheets are stored turned and shown upright by /Rotate."""
    data = pdf([picture.rotate(turn, expand=True, fillcolor=255) for picture in pictures])
    return data.replace(b"/Resources", b"/Rotate %d /Resources" % turn)


def html(picture: bytes, media: str = "png") -> bytes:
    address = f"data:image/{media};base64,{base64.b64encode(picture).decode()}"
    return f"<html><body><h1>{TITLE}</h1><p><img src='{address}'></p></body></html>".encode()


def mhtml(picture: bytes) -> bytes:
    page = html(b"").replace(b"data:image/png;base64,", b"cid:form@a")
    return b"\r\n".join(
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n",
            b"--b\r\nContent-Type: text/html; charset=utf-8\r\n",
            page,
            b"--b\r\nContent-Type: image/png\r\nContent-ID: <form@a>\r\nContent-Transfer-Encoding: base64\r\n",
            base64.encodebytes(picture),
            b"--b--\r\n",
        )
    )


def ofd(pictures: Sequence[Picture], turn: int = 0) -> bytes:
    """An OFD whose pages are pictures, each as wide as the page; `turn` is stored in the matrix of the image."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f"<ofd:OFD {_OFD}>{body}</ofd:OFD>")
        listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/{n}.xml"/>' for n in range(len(pictures)))
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {_OFD}><ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        media = "".join(
            f'<ofd:MultiMedia ID="{50 + n}" Type="Image" Format="PNG"><ofd:MediaFile>{n}.png</ofd:MediaFile>'
            "</ofd:MultiMedia>"
            for n in range(len(pictures))
        )
        archive.writestr(
            "Doc_0/DocumentRes.xml",
            f'<ofd:Res {_OFD} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
        )
        matrix = {0: "210 0 0 297 0 0", 180: "-210 0 0 -297 210 297"}[turn]
        for number, picture in enumerate(pictures):
            archive.writestr(f"Doc_0/Res/{number}.png", saved(picture))
            image = f'<ofd:ImageObject ID="7" Boundary="0 0 210 297" CTM="{matrix}" ResourceID="{50 + number}"/>'
            content = f"<ofd:Content><ofd:Layer ID='9'>{image}</ofd:Layer></ofd:Content>"
            archive.writestr(f"Doc_0/Pages/{number}.xml", f"<ofd:Page {_OFD}>{content}</ofd:Page>")
    return file.getvalue()


def rtf(picture: bytes, name: str = "pngblip") -> bytes:
    title = "".join(f"\\u{ord(each)}?" for each in TITLE)
    return f"{{\\rtf1\\ansi {title}\\par {{\\pict\\{name}\\picw100\\pich100 {picture.hex()}}}\\par}}".encode()


def docx_file(picture: bytes) -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_picture(io.BytesIO(picture))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_exif(picture: Picture, orientation: int) -> bytes:
    """A JPEG that a camera stored turned, with the orientation to show it in."""
    stored = {3: 180, 6: 90, 8: 270}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(picture.rotate(stored, expand=True), "JPEG", quality=85, exif=exif)
