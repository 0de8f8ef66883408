"""How fast it is, measured: `./dev bench` runs every page, `./dev bench idle-sweep` one; figures go with a machine."""
