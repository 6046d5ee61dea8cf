"""Reports as files: one neutral document, drawn as DOCX, PDF, XLSX and CSV."""
