"""Where are the pages as captured, and are they whole? Not for what they say.

Files in order: `blob_store` (what a store of originals does), `folder_blobs` (in the home), `s3_blobs` with `s3_errors`
(in an object store), `location` (which of the two `GONGKAI_BLOBS` names).
"""
