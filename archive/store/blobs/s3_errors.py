"""Sentences for the errors of an object store: what failed, where, and what to do.

The text of the library is not shown: it quotes the answer of the store, which can contain the access key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.errors import GongkaiError, Unavailable, UnusableHome

# '<Code>NoSuchKey</Code>'
_CODE = re.compile(r"<Code>\s*(\w{1,60})\s*</Code>")
# 'Server returned non-2xx status code: 503 Service Unavailable'
_STATUS = re.compile(r"status code: (\d{3})")


@dataclass(frozen=True, slots=True)
class StorePlace:
    """The bucket and prefix of an archive, its endpoint (None for Amazon S3), and the seconds for one request."""

    bucket: str
    prefix: str
    endpoint: str | None
    seconds: float

    def url(self, name: str = "") -> str:
        return "/".join(filter(None, (f"s3://{self.bucket}", self.prefix, name)))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """An error with the codes and statuses of the answer, or the words of the library, that it is recognised by."""

    answers: frozenset[str]
    words: str
    kind: type[GongkaiError]
    zh: str
    en: str


def _row(answers: str, words: str, kind: type[GongkaiError], zh: str, en: str) -> _Sentence:
    return _Sentence(frozenset(answers.split()), words, kind, zh, en)


_SENTENCES = (
    _row(
        "NoSuchBucket",
        "",
        UnusableHome,
        "对象存储 {store} 中没有存储桶 {bucket}。请先创建它，或更正 GONGKAI_BLOBS。",
        "The object store {store} has no bucket {bucket}. Create it, or correct GONGKAI_BLOBS.",
    ),
    _row(
        "PermanentRedirect AuthorizationHeaderMalformed TemporaryRedirect IllegalLocationConstraintException 301 307",
        "BareRedirect",
        UnusableHome,
        "存储桶 {bucket} 不在这个区域{because}。请用 AWS_REGION 指定它所在的区域，并检查 AWS_ENDPOINT_URL。",
        "The bucket {bucket} is in another region{because}. Set AWS_REGION to it, and check AWS_ENDPOINT_URL.",
    ),
    _row(
        "RequestTimeTooSkewed RequestExpired",
        "",
        UnusableHome,
        "对象存储 {store} 的时间与本机相差太多{because}。请校准两边的时钟后再试。",
        "The clock of the object store {store} differs too much from this machine's{because}. Correct the clocks, "
        "then try again.",
    ),
    _row(
        "XMinioStorageFull InsufficientStorage QuotaExceeded XMinioAdminBucketQuotaExceeded InsufficientCapacity 507",
        "",
        UnusableHome,
        "对象存储 {store} 的空间或配额不足{because}，无法写入 {url}。请腾出空间后再试。",
        "No space (or quota) is left in the object store {store} for {url}{because}. Free some space, then try again.",
    ),
    _row(
        "AccessDenied InvalidAccessKeyId SignatureDoesNotMatch InvalidToken ExpiredToken AllAccessDisabled 401 403",
        "",
        UnusableHome,
        "对象存储 {store} 拒绝访问 {url}{because}。请检查 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，"
        "以及该用户读取、写入和列出对象的权限。",
        "The object store {store} denies access to {url}{because}. Check AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY, and the user's permissions to read, write and list objects.",
    ),
    _row(
        "SlowDown ServiceUnavailable TooManyRequests RequestLimitExceeded OperationAborted 409 429 503",
        "",
        Unavailable,
        "对象存储 {store} 暂时不能答复{because}。请稍后再试。",
        "The object store {store} cannot answer now{because}. Try again later.",
    ),
    _row(
        "",
        r"/latest/(?:api/token|meta-data)|169\.254\.170\.2",
        UnusableHome,
        "没有访问 {url} 的密钥。请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。",
        "There is no key for {url}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    _row(
        "",
        "InvalidCertificate|UnknownIssuer|invalid peer certificate",
        UnusableHome,
        "对象存储 {store} 的证书不受信任。请用 SSL_CERT_FILE 指定签发它的根证书。",
        "The certificate of the object store {store} is not trusted. Name the certificate of its issuer with "
        "SSL_CERT_FILE.",
    ),
    _row(
        "",
        "TimedOut|kind: Timeout",
        Unavailable,
        "对象存储 {store} 没有在 {seconds:g} 秒内答复。请稍后再试，或用 GONGKAI_BLOBS_TIMEOUT（秒）放宽。",
        "The object store {store} did not answer within {seconds:g} seconds. Try again later, or allow more with "
        "GONGKAI_BLOBS_TIMEOUT (in seconds).",
    ),
    _row(
        "",
        "kind: (Connect|Request|Interrupted|Decode)|error sending request|error decoding",
        Unavailable,
        "与对象存储 {store} 的连接失败或中断。请检查它是否在运行，AWS_ENDPOINT_URL 是否正确，然后再试。",
        "The connection to the object store {store} failed or was cut. Check that it runs and that AWS_ENDPOINT_URL is "
        "right, then try again.",
    ),
)
_NO_STORE = _row(
    "",
    "InvalidListResponse",
    UnusableHome,
    "{store} 的答复不是对象存储的答复{because}。请检查 AWS_ENDPOINT_URL 和 GONGKAI_BLOBS。",
    "{store} does not answer as an object store does{because}. Check AWS_ENDPOINT_URL and GONGKAI_BLOBS.",
)
_SERVER_ERROR = _row(
    "",
    "",
    Unavailable,
    "对象存储 {store} 出错{because}。请稍后再试；如果仍然出错，请查看它的日志。",
    "The object store {store} failed{because}. Try again later; if it fails again, look at its log.",
)


def error_code(error: Exception) -> str | None:
    """Returns the code that an object store gives for an error, such as `NoSuchKey`."""
    found = _CODE.search(str(error))
    return found[1] if found else None


def error_status(error: Exception) -> str:
    """Returns the HTTP status of an error; empty if there was no answer."""
    found = _STATUS.search(str(error))
    return found[1] if found else ""


def store_error(error: Exception, place: StorePlace) -> GongkaiError:
    """Returns the sentence for an error of the library."""
    text, code, status = str(error), error_code(error), error_status(error)
    sentence = next((each for each in (*_SENTENCES, _NO_STORE) if _fits(each, code, status, text)), None)
    if sentence is None:
        sentence = _SERVER_ERROR if not status or status >= "500" else _NO_STORE
    values = {
        "store": place.endpoint or "Amazon S3",
        "bucket": place.bucket,
        "url": place.url(),
        "seconds": place.seconds,
    }
    reason = " ".join(filter(None, (status, code)))
    zh, en = (f"（{reason}）", f" ({reason})") if reason else ("", "")
    return sentence.kind(sentence.zh.format(**values, because=zh), sentence.en.format(**values, because=en))


def _fits(sentence: _Sentence, code: str | None, status: str, text: str) -> bool:
    if code in sentence.answers or status in sentence.answers:
        return True
    return not status and bool(sentence.words and re.search(sentence.words, text))
