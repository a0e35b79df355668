"""The appraisal policy as plain Python: frozen values in, frozen values out.

Nothing here knows a database, a clock, a file or a framework; the shell gathers facts and hands
them in. All arithmetic of the product lives here and nowhere else.
"""
