"""Whether an input looks like those a model was made for, with a false-alarm rate that the operator sets.

`fit` makes a detector from reference rows, `artefact` keeps it, `detector` runs it, `drift` watches its p-values. An input
becomes a vector (`schema` for numbers and tables, `text` for texts), a small ONNX graph gives the vector a score
(`scoring`), and `conformal` turns the score into a p-value.
"""
