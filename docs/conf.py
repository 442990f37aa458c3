"""Sphinx's settings for the documentation site: ``make docs``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Loss functions and optimization"
html_title = project
html_show_copyright = False
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "course_pages"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_extra_path = ["svm-demo.html"]
html_copy_source = False

# Pages open from disk: nothing is loaded over the network, no MathJax, no script for widgets.
html_math_renderer = "mathml"
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("*", "application/vnd.jupyter.widget-view+json", None)]

nb_execution_mode = "off"  # course_pages runs the notebooks, with the answers filled in
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_dmath_double_inline = True

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types, with shapes
# Without these, every letter of a shape becomes a link to anything that has that name.
napoleon_use_param = False
napoleon_use_rtype = False
default_role = "code"
