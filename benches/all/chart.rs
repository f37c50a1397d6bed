//! Draws what each user costs over the size of the account.

use std::path::Path;

use plotters::prelude::*;

use crate::Outcome;
use crate::growth::Growth;
use crate::measure::Cost;

/// Width and height of a chart.
const SIZE: (u32, u32) = (760, 360);
/// A font that every reader of SVG has some of.
const FONT: (&str, u32) = ("sans-serif", 14);
/// `validate` and `plan`, told apart in light and dark and by those who see no red and green.
const COLOURS: [RGBColor; 2] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0)];

/// What a chart shows of a cost, for so many users.
type Value<'a> = &'a dyn Fn(&Cost, f64) -> f64;

/// Draws CPU and memory for each user.
pub(crate) fn draw(growth: &[Growth], folder: &Path) -> Outcome<()> {
    let cpu = |cost: &Cost, users: f64| cost.cpu * 1e6 / users;
    let peak = |cost: &Cost, users: f64| cost.peak * 1024.0 / users;
    chart(growth, &folder.join("performance-cpu.svg"), ("microseconds of CPU for each user", &cpu))?;
    chart(growth, &folder.join("performance-memory.svg"), ("KiB of memory for each user", &peak))
}

fn chart(growth: &[Growth], file: &Path, (what, value): (&str, Value<'_>)) -> Outcome<()> {
    let points = |of: fn(&Growth) -> &Cost| -> Vec<(f64, f64)> {
        let point = |it: &Growth| (f64::from(it.users), value(of(it), f64::from(it.users)));
        growth.iter().map(point).collect()
    };
    let series = [("validate", points(|it| &it.validate)), ("plan", points(|it| &it.plan))];
    let users = growth.iter().map(|it| f64::from(it.users));
    let most = series.iter().flat_map(|(_, points)| points).map(|(_, value)| *value).fold(0.0, f64::max);
    let (least, largest) = (users.clone().fold(f64::INFINITY, f64::min), users.fold(0.0, f64::max));
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(60)
        .build_cartesian_2d((least..largest).log_scale(), 0.0..most * 1.1)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style(FONT)
        .x_desc("users")
        .x_label_formatter(&|users| format!("{users:.0}"))
        .y_desc(what)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    for ((name, points), colour) in series.into_iter().zip(COLOURS) {
        let dots = points.clone().into_iter().map(move |point| Circle::new(point, 3, colour.filled()));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        chart.draw_series(dots)?;
    }
    chart
        .configure_series_labels()
        .label_font(FONT)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .draw()?;
    area.present()?;
    Ok(())
}
