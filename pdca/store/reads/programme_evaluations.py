"""Reading the evaluations of programmes, their themes, and the objectives that come from them."""

from pdca.store.driver import Statement

EVALUATION = Statement(
    "programme_evaluation", "SELECT * FROM programme_evaluation WHERE evaluation_id = :evaluation_id"
)
OF_PROGRAMME = Statement(
    "evaluations_of_programme",
    "SELECT * FROM programme_evaluation WHERE programme_id = :programme_id ORDER BY evaluation_id",
)
EVERY = Statement("every_programme_evaluation", "SELECT * FROM programme_evaluation ORDER BY evaluation_id")
THEMES = Statement(
    "themes_of_evaluation",
    "SELECT * FROM programme_theme WHERE evaluation_id = :evaluation_id ORDER BY position, theme_id",
)
EVERY_THEME = Statement("every_theme", "SELECT * FROM programme_theme ORDER BY evaluation_id, position, theme_id")
ORIGINS = Statement("objective_origins", "SELECT * FROM objective_origin ORDER BY objective_id")
EXTENSIONS = Statement(
    "extensions_of_programme_evaluation",
    "SELECT * FROM programme_extension WHERE evaluation_id = :evaluation_id ORDER BY number",
)
EXTENDED = Statement(
    "extended_programme_evaluations",
    "SELECT evaluation_id, count(*) AS extensions FROM programme_extension WHERE approved_at IS NOT NULL "
    "GROUP BY evaluation_id ORDER BY evaluation_id",
)
