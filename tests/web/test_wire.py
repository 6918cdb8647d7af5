import gzip

from visiting import Visitor

from web.wire import LEAST_BYTES

STYLE = "/static/ringfence.css"


def test_pages_and_files_are_packed_for_browsers_that_unpack_them(owner: Visitor) -> None:
    for path in ("/rules", STYLE):
        plain = owner.get(path)
        packed = owner.get(path, Accept_Encoding="gzip, br")
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) < len(plain.data) / 2
        assert len(gzip.decompress(packed.data)) == len(plain.data)
        assert owner.get(path, Accept_Encoding="gzip;q=0").headers.get("Content-Encoding") is None


def test_a_page_that_another_site_has_asked_for_is_not_packed(owner: Visitor) -> None:
    for site in ("cross-site", "same-site"):
        answer = owner.get("/rules", Accept_Encoding="gzip", Sec_Fetch_Site=site)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


def test_what_is_small_is_not_packed(owner: Visitor) -> None:
    answer = owner.get("/healthz", Accept_Encoding="gzip")
    assert len(answer.data) < LEAST_BYTES
    assert "Content-Encoding" not in answer.headers


def test_news_are_not_packed(owner: Visitor) -> None:
    answer = owner.get("/live", Accept_Encoding="gzip")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    answer.close()


def test_a_file_is_named_by_its_content_and_kept_for_good(owner: Visitor) -> None:
    page = owner.get("/rules").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert address.startswith(f"{STYLE}?v=")
    assert "immutable" in owner.get(address).headers["Cache-Control"]
    assert "immutable" not in owner.get(STYLE).headers["Cache-Control"]


def test_a_packed_file_that_is_known_is_not_sent_again(owner: Visitor) -> None:
    first = owner.get(STYLE, Accept_Encoding="gzip")
    assert first.headers["ETag"].startswith("W/")
    again = owner.get(STYLE, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
