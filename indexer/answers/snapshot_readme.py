"""The text of README.txt in a snapshot."""

from __future__ import annotations

README = """\
公开：政府信息公开年度报告全文库 · 检索快照
==========================================

检索式：{citation.query}
检索理解为：{citation.readings[zh]}
计数：{zh}
日期：{citation.totals.day}
数据版本（内容哈希）：{content}
程序：gongkai {citation.version}

文件
  query.json        检索式、筛选、理解方式、计数、数据版本、日期和网址
  hits.csv          命中的全部章节，每行一个
  concordance.csv   全部命中处及其整句，每行一处；检索式没有文字时只有表头
  SHA256SUMS        以上文件与本文件的 SHA-256
CSV 是带 BOM 的 UTF-8；可能被电子表格当作公式的单元格前加了一个撇号。

怎样核对
  1. 文件是否完整：sha256sum -c SHA256SUMS
  2. 计数是否可重现：在数据版本相同的档案中运行 gongkai search，或打开 query.json 中的网址。数据版本相同，计数必相同；
     不同时，网页列出当时与现在的差别。
校验和表明文件自制成以来没有改动，不证明由谁、在何时制成。正文以各机关发布的原件为准。


Gongkai, a full-text archive of Chinese disclosure reports: snapshot of a search
================================================================================

Query: {citation.query}
Interpreted as: {citation.readings[en]}
Count: {en}
Date: {citation.totals.day}
Data version (content hash): {content}
Program: gongkai {citation.version}

Files
  query.json        query, filters, interpretation, totals, data version, date and address
  hits.csv          all matching sections, one per line
  concordance.csv   all occurrences with their sentences, one per line; only a header for a query without text
  SHA256SUMS        the SHA-256 of these files and of this one
The CSV files are UTF-8 with a BOM. A cell that a spreadsheet might run as a formula begins with an apostrophe.

How to check
  1. That the files are complete: sha256sum -c SHA256SUMS
  2. That the count can be reproduced: run gongkai search on an archive with the same data version, or open the address
     in query.json. Equal data versions give equal counts; on another one, the page lists the difference.
The checksums show that the files have not changed since they were made. They do not prove who made them, or when. The
originals as published by the agencies are authoritative.
"""
