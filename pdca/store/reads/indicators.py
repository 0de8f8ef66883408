"""Reading indicators: their targets, their figures, which of them hold, and where the series breaks."""

from pdca.store.driver import Statement

INDICATOR = Statement("indicator", "SELECT * FROM indicator WHERE indicator_id = :indicator_id")
TARGETS = Statement("targets", "SELECT * FROM target WHERE indicator_id = :indicator_id ORDER BY number")
CHOICES = Statement(
    "retained_figures", "SELECT * FROM retained_figure WHERE indicator_id = :indicator_id ORDER BY period, choice"
)
BREAKS = Statement("series_breaks", "SELECT * FROM series_break WHERE indicator_id = :indicator_id ORDER BY period")
MEASURED = Statement(
    "plans_measured",
    """
    SELECT * FROM plan WHERE plan_id IN (
        SELECT plan_id FROM plan_indicator WHERE indicator_id = :indicator_id
        UNION SELECT plan_id FROM activity WHERE indicator_id = :indicator_id
    ) ORDER BY length(plan_id), plan_id
    """,
)
BASELINES = Statement(
    "baselines_of_indicator",
    "SELECT l.*, p.title, p.restricted, p.assumed, p.zone, p.definition, p.definition_version "
    "FROM plan_indicator l JOIN plan p ON p.plan_id = l.plan_id "
    "WHERE l.indicator_id = :indicator_id ORDER BY length(l.plan_id), l.plan_id",
)
EARLIER_BASELINES = Statement(
    "earlier_baselines",
    "SELECT * FROM plan_baseline WHERE plan_id = :plan_id AND indicator_id = :indicator_id ORDER BY number",
)
EARLIER_BASELINES_OF_INDICATOR = Statement(
    "earlier_baselines_of_indicator",
    "SELECT b.* FROM plan_indicator l "
    "JOIN plan_baseline b ON b.plan_id = l.plan_id AND b.indicator_id = l.indicator_id "
    "WHERE l.indicator_id = :indicator_id ORDER BY length(b.plan_id), b.plan_id, b.number",
)
# The steps of every plan that is measured by an indicator.
STEPS_MEASURED = Statement(
    "steps_of_plans_measured",
    "SELECT e.event_id, e.body FROM plan_indicator l JOIN event e ON e.plan_id = l.plan_id "
    "WHERE l.indicator_id = :indicator_id AND e.kind = 'plan.advanced' ORDER BY e.event_id",
)
EVERY_FIGURE = Statement("every_figure", "SELECT * FROM measurement ORDER BY indicator_id, period, number")
# A row for each indicator, with all its figures that were known at an instant side by side: to hand over 200 rows takes
# half of what 20,000 take. The others are asked for where those are not all there is to know.
EVERY_COURSE = Statement(
    "every_course",
    """
    SELECT indicator_id, group_concat(period, ',') AS periods, group_concat(coalesce(value, ''), ',') AS figures,
        max(number) AS number, count(scope) AS of_parts
        FROM measurement WHERE known_at <= :at GROUP BY indicator_id ORDER BY indicator_id
    """,
)
FIGURES_OF = Statement(
    "figures_of_indicators",
    "SELECT indicator_id, period, number, value, scope, known_at FROM measurement "
    "WHERE indicator_id IN (SELECT key FROM json_each(:indicators)) AND known_at <= :at "
    "ORDER BY indicator_id, period, number",
)
EVERY_CHOICE = Statement("every_choice", "SELECT * FROM retained_figure ORDER BY indicator_id, period, choice")
EVERY_BREAK = Statement("every_break", "SELECT * FROM series_break ORDER BY indicator_id, period")
EVERY_TARGET = Statement("every_target", "SELECT * FROM target ORDER BY indicator_id, number")
MEASURING = Statement(
    "indicators_of_plans", "SELECT indicator_id, plan_id FROM plan_indicator ORDER BY length(plan_id), plan_id"
)
MEASURED_BY = Statement(
    "titles_of_indicators_of_plans",
    "SELECT l.plan_id, l.indicator_id, i.title FROM plan_indicator l JOIN indicator i "
    "ON i.indicator_id = l.indicator_id ORDER BY l.plan_id, l.position, l.indicator_id",
)
UNITS = Statement("units_of_indicators", "SELECT indicator_id, kind, unit FROM indicator ORDER BY indicator_id")
EVERY_BASELINE = Statement(
    "every_baseline",
    "SELECT l.plan_id, l.indicator_id, l.baseline_period, p.zone, p.definition, p.definition_version "
    "FROM plan_indicator l JOIN plan p ON p.plan_id = l.plan_id "
    "ORDER BY l.indicator_id, length(l.plan_id), l.plan_id",
)
EVERY_EARLIER_BASELINE = Statement(
    "every_earlier_baseline",
    "SELECT b.* FROM plan_indicator l "
    "JOIN plan_baseline b ON b.plan_id = l.plan_id AND b.indicator_id = l.indicator_id "
    "ORDER BY b.indicator_id, length(b.plan_id), b.plan_id, b.number",
)
