"""A signed address for a PUT of one size: the length is part of the signature (AWS Signature Version 4, query form).

The `minio` client signs the host alone. A store that checks signatures refuses any other length before it takes a byte.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit

_SIGNED = "content-length;host"


def signed_put(
    url: str, size_bytes: int, *, access_key: str, secret_key: str, region: str, now: datetime, lifetime: timedelta
) -> str:
    """The address with its signature; whatever query it had is dropped."""
    parts = urlsplit(url)
    at = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{region}/s3/aws4_request"
    query = urlencode(
        {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{access_key}/{scope}",
            "X-Amz-Date": at,
            "X-Amz-Expires": int(lifetime.total_seconds()),
            "X-Amz-SignedHeaders": _SIGNED,
        },
        quote_via=quote,
        safe="",
    )
    headers = f"content-length:{size_bytes}\nhost:{parts.netloc}\n"
    request = f"PUT\n{parts.path}\n{query}\n{headers}\n{_SIGNED}\nUNSIGNED-PAYLOAD"
    text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return urlunsplit(SplitResult(parts.scheme, parts.netloc, parts.path, f"{query}&X-Amz-Signature={signature}", ""))
