-- What runs inside pandoc: conversions, one after another, until the input ends (see pandoc.py).
-- A request is a line `FROM TO MATH SIZE` and SIZE bytes of text, an answer a line `ok|error SIZE` and its bytes.

-- What HTML cannot tell pandoc's reader, told by the class of a code element (see markdown/raw.py):
-- text to be passed through as HTML, and TeX. Clean HTML has no such classes of its own.
local raw = {
  Code = function(element)
    local class = element.classes[1]
    if class == "raw-html" then return pandoc.RawInline("html", element.text) end
    if class == "tex-inline" then return pandoc.Math("InlineMath", element.text) end
    if class == "tex-display" then return pandoc.Math("DisplayMath", element.text) end
  end,
  CodeBlock = function(element)
    if element.classes[1] == "raw-html" then return pandoc.RawBlock("html", element.text) end
  end,
}

local no_files = {} -- given to the reader, this is the sandbox: it sees these files, no others and no network

local function convert(text, from, to, math)
  local document = pandoc.read(text, from, {}, no_files)
  if from ~= "json" then document = document:walk(raw) end -- what is an AST says all by itself
  return pandoc.write(document, to, {
    wrap_text = "none", html_math_method = math, highlight_method = "none",
  })
end

for request in io.lines() do
  local from, to, math, size = request:match("^(%S+) (%S+) (%S+) (%d+)$")
  local text = size == "0" and "" or io.read(tonumber(size)) -- to read nothing would wait for more
  local done, answer = pcall(convert, text, from, to, math)
  answer = tostring(answer)
  io.write(done and "ok" or "error", " ", #answer, "\n", answer)
  io.flush()
end
