"""Adds files to the catalogue: in one process, or as jobs that workers on several machines take from PostgreSQL.

Not for parsing (`archive.ingest`) or for storing (`archive.store`). `file_adder` adds files; `job_table` prepares the
tables of the jobs, `job_queue` puts files into them, `job_list` lists them, `job_attempt` runs one, and `job_worker`
takes one after the other.
"""
