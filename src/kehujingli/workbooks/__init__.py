"""How does the month look on paper and on a screen? Frames → styled workbooks, one file a workbook; the house style lives in ``house``."""
