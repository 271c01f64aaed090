-- What HTML cannot tell pandoc's reader, told by the class of a code element (see markdown.py):
-- text to be passed through as HTML, and TeX. Clean HTML has no such classes of its own.

function Code(element)
  local class = element.classes[1]
  if class == "raw-html" then return pandoc.RawInline("html", element.text) end
  if class == "tex-inline" then return pandoc.Math("InlineMath", element.text) end
  if class == "tex-display" then return pandoc.Math("DisplayMath", element.text) end
end

function CodeBlock(element)
  if element.classes[1] == "raw-html" then return pandoc.RawBlock("html", element.text) end
end
