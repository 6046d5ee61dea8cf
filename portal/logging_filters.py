"""What is taken out of log lines before anybody reads them."""

import logging
import re

# The receipt code opens what somebody wrote to the department.
_RECEIPT_CODE = re.compile(r"(/phan-anh/theo-doi/)[^/?#\s]+")


class HideReceiptCodes(logging.Filter):
    """Hide the receipt codes that addresses hold; Django notes the address of each request that went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _RECEIPT_CODE.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
