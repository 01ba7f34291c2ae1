"""The fonts of official documents, by the names under which an office's machines know them."""

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
"""Of titles, of the text, of headings, and of what stands beside the text."""

NUMBERS = "宋体"
WESTERN = "Times New Roman"
