"""Drawing: frames and URLs in; pages out."""
