"""The reports, one room each; `registry` lists them and `findings` joins what they found."""
