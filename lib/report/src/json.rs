use crate::json_writer::JsonWriter;
use crate::places::{Places, Region};
use plimsoll_base::Position;
use plimsoll_engine::{
    Answer, Change, Check, FileReport, Finding, Fix, ImagePlace, ImageSummary, InputKind, Report, Severity,
};
use serde::Serialize;
use std::io;

/// Writes a report as JSON, version 1: one compact document and a line break.
///
/// Lines and columns start at 1, columns count Unicode characters, ends are exclusive. Field by field it is what users
/// rely on: fields may be added, none removed or renamed.
pub fn json(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = JsonWriter::new(out);
    writer.object(|json| {
        json.key("version").number(1);
        json.key("tool").object(|json| {
            json.key("name").word(Tool::THIS.name);
            json.key("version").word(Tool::THIS.version);
            Ok(())
        })?;
        if let Some(host) = &report.host {
            json.key("host").object(|json| {
                json.key("id").string(&host.id);
                json.key("time").string(&host.time);
                for (key, text) in [("name", &host.name), ("engine", &host.engine), ("version", &host.version)] {
                    if let Some(text) = text {
                        json.key(key).string(text);
                    }
                }
                Ok(())
            })?;
        }
        json.key("findings").array(|json| report.files.iter().try_for_each(|file| findings(file, json)))?;
        json.key("checks").array(|json| report.checks.iter().try_for_each(|row| check(row, json)))?;
        json.key("suppressed").array(|json| report.files.iter().try_for_each(|file| suppressed(file, json)))?;
        json.key("images").array(|json| report.images.iter().try_for_each(|row| image(row, json)))?;
        json.key("errors").array(|json| errors(report, json))?;
        json.key("summary").object(|json| {
            summary(report, json);
            Ok(())
        })
    })?;
    writer.finish()
}

/// The program that made the document.
#[derive(Serialize)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(crate) const THIS: Self = Self { name: "plimsoll", version: env!("CARGO_PKG_VERSION") };
}

type Written = io::Result<()>;

fn findings(file: &FileReport, json: &mut JsonWriter<'_>) -> Written {
    // Findings are sorted, other places follow an order of their own: each has its own look-up.
    let [mut places, mut related, mut edits] = [(); 3].map(|()| Places::new(file));
    let row = |finding| finding_row(file, finding, [&mut places, &mut related, &mut edits], json);
    file.findings.iter().try_for_each(row)
}

fn finding_row<'a>(
    file: &'a FileReport,
    finding: &Finding,
    [places, related, edits]: [&mut Places<'a>; 3],
    json: &mut JsonWriter<'_>,
) -> Written {
    json.object(|json| {
        json.key("rule").word(finding.rule.id);
        json.key("aliases").array(|json| {
            finding.alias_names().for_each(|alias| json.word(alias));
            Ok(())
        })?;
        json.key("severity").word(finding.severity.name());
        json.key("confidence").word(finding.confidence.name());
        json.key("message").string(&finding.message);
        json.key("path").string(&file.path);
        if file.kind == InputKind::Text {
            region(places.region(finding.span), json)?;
        }
        // Where the finding's instruction begins: the place that line-based tools name.
        if let Some(span) = finding.instruction {
            json.key("instruction").object(|json| {
                json.key("line").number(u64::from(file.lines.line(span.start)));
                Ok(())
            })?;
        }
        json.key("related").array(|json| {
            finding.related.iter().try_for_each(|other| {
                json.object(|json| {
                    json.key("path").string(&file.path);
                    region(related.region(other.span), json)?;
                    json.key("message").string(&other.message);
                    Ok(())
                })
            })
        })?;
        json.key("fixes").array(|json| finding.fixes.iter().try_for_each(|row| fix(file, row, edits, json)))?;
        json.key("fingerprint").string(&finding.fingerprint);
        match &finding.image {
            Some(place) => image_place(place, json),
            None => Ok(()),
        }
    })
}

fn fix<'a>(file: &'a FileReport, fix: &Fix, places: &mut Places<'a>, json: &mut JsonWriter<'_>) -> Written {
    json.object(|json| {
        json.key("title").string(&fix.title);
        json.key("safety").word(fix.safety.name());
        json.key("edits").array(|json| {
            fix.edits.iter().try_for_each(|edit| {
                json.object(|json| {
                    json.key("path").string(&file.path);
                    region(places.region(edit.span), json)?;
                    json.key("text").string(&edit.text);
                    Ok(())
                })
            })
        })
    })
}

fn region(Region { start, end }: Region, json: &mut JsonWriter<'_>) -> Written {
    json.key("start");
    place(start, json)?;
    json.key("end");
    place(end, json)
}

fn place(Position { line, column }: Position, json: &mut JsonWriter<'_>) -> Written {
    json.object(|json| {
        json.key("line").number(u64::from(line));
        json.key("column").number(u64::from(column));
        Ok(())
    })
}

fn image_place(place: &ImagePlace, json: &mut JsonWriter<'_>) -> Written {
    json.key("image").object(|json| {
        json.key("name").string(&place.name);
        json.key("platform").string(&place.platform);
        optional_number("layer", place.layer, json);
        optional("diff_id", place.diff_id.as_deref(), json);
        optional("file", place.file.as_deref(), json);
        optional_number("line", place.line, json);
        if let Some(state) = place.state {
            json.key("state").word(state.name());
        }
        optional("created_by", place.created_by.as_deref(), json);
        change("deleted_by", place.deleted_by.as_ref(), json)?;
        change("replaced_by", place.replaced_by.as_ref(), json)?;
        optional("config", place.config.as_deref(), json);
        optional_number("history", place.history, json);
        Ok(())
    })
}

fn change(key: &'static str, change: Option<&Change>, json: &mut JsonWriter<'_>) -> Written {
    let Some(change) = change else { return Ok(()) };
    json.key(key).object(|json| {
        json.key("layer").number(u64::from(change.layer));
        optional("created_by", change.created_by.as_deref(), json);
        Ok(())
    })
}

fn check(check: &Check, json: &mut JsonWriter<'_>) -> Written {
    json.object(|json| {
        json.key("rule").word(check.rule.id);
        json.key("aliases").array(|json| {
            check.aliases.names(check.rule).for_each(|alias| json.word(alias));
            Ok(())
        })?;
        json.key("severity").word(check.severity.name());
        json.key("status").word(check.answer.name());
        json.key("target").string(&check.target);
        json.key("evidence").string(&check.evidence);
        json.key("remediation").string(&check.remediation);
        Ok(())
    })
}

fn suppressed(file: &FileReport, json: &mut JsonWriter<'_>) -> Written {
    let mut places = Places::new(file);
    file.suppressed.iter().try_for_each(|suppressed| {
        json.object(|json| {
            json.key("rule").word(suppressed.rule);
            json.key("path").string(&file.path);
            if file.kind == InputKind::Text {
                json.key("start");
                place(places.region(suppressed.span).start, json)?;
            }
            json.key("by").word(suppressed.by.name());
            optional("reason", suppressed.reason.as_deref(), json);
            optional("expires", suppressed.expires.as_deref(), json);
            Ok(())
        })
    })
}

fn image(image: &ImageSummary, json: &mut JsonWriter<'_>) -> Written {
    json.object(|json| {
        json.key("path").string(&image.path);
        json.key("name").string(&image.name);
        json.key("platform").string(&image.platform);
        optional("id", image.id.as_deref(), json);
        optional("distribution", image.distribution.as_deref(), json);
        optional("created", image.created.as_deref(), json);
        json.key("user").string(&image.user);
        if let Some(is_set) = image.healthcheck {
            json.key("healthcheck").boolean(is_set);
        }
        strings("entrypoint", &image.entrypoint, json)?;
        strings("command", &image.command, json)?;
        if !image.built_from.is_empty() {
            json.key("built_from").array(|json| {
                image.built_from.iter().try_for_each(|(uri, digest)| {
                    json.object(|json| {
                        json.key("uri").string(uri);
                        optional("digest", digest.as_deref(), json);
                        Ok(())
                    })
                })
            })?;
        }
        json.key("size").number(image.size);
        json.key("waste").number(image.waste);
        json.key("efficiency").ten_thousandths(image.efficiency());
        json.key("largest").array(|json| {
            image.largest.iter().try_for_each(|file| {
                json.object(|json| {
                    json.key("path").string(&file.path);
                    json.key("size").number(file.size);
                    json.key("layer").number(u64::from(file.layer));
                    Ok(())
                })
            })
        })?;
        json.key("duplicates").array(|json| {
            image.duplicates.iter().try_for_each(|same| {
                json.object(|json| {
                    json.key("size").number(same.size);
                    json.key("count").number(same.count);
                    strings("paths", &same.paths, json)
                })
            })
        })?;
        json.key("layers").array(|json| {
            image.layers.iter().try_for_each(|layer| {
                json.object(|json| {
                    json.key("diff_id").string(&layer.diff_id);
                    optional("digest", layer.digest.as_deref(), json);
                    optional("created_by", layer.created_by.as_deref(), json);
                    json.key("size").number(layer.size);
                    json.key("waste").number(layer.waste);
                    json.key("entries").number(layer.entries);
                    Ok(())
                })
            })
        })?;
        json.key("packages").array(|json| {
            image.packages.iter().try_for_each(|package| {
                json.object(|json| {
                    json.key("type").word(package.kind);
                    json.key("name").string(&package.name);
                    json.key("version").string(&package.version);
                    optional_number("layer", package.layer, json);
                    Ok(())
                })
            })
        })?;
        json.key("users").array(|json| {
            image.users.iter().try_for_each(|user| {
                json.object(|json| {
                    json.key("name").string(&user.name);
                    json.key("uid").number(u64::from(user.uid));
                    json.key("gid").number(u64::from(user.gid));
                    json.key("home").string(&user.home);
                    json.key("shell").string(&user.shell);
                    Ok(())
                })
            })
        })
    })
}

fn errors(report: &Report, json: &mut JsonWriter<'_>) -> Written {
    report.errors.iter().try_for_each(|error| {
        json.object(|json| {
            json.key("path").string(&error.path);
            optional_number("line", error.line, json);
            optional_number("column", error.column, json);
            json.key("message").string(&error.message);
            Ok(())
        })
    })
}

/// `inputs` counts what was checked; what could not be is counted by the rows of `errors`.
fn summary(report: &Report, json: &mut JsonWriter<'_>) {
    let mut count = |key, count: usize| json.key(key).number(count as u64);
    count("inputs", report.files.len());
    count("errors", report.count(Severity::Error));
    count("warnings", report.count(Severity::Warning));
    count("infos", report.count(Severity::Info));
    count("styles", report.count(Severity::Style));
    count("suppressed", report.suppressed());
    count("unknown", report.answered(Answer::Unknown));
}

fn optional(key: &'static str, text: Option<&str>, json: &mut JsonWriter<'_>) {
    if let Some(text) = text {
        json.key(key).string(text);
    }
}

fn optional_number(key: &'static str, number: Option<u32>, json: &mut JsonWriter<'_>) {
    if let Some(number) = number {
        json.key(key).number(u64::from(number));
    }
}

fn strings(key: &'static str, texts: &[String], json: &mut JsonWriter<'_>) -> Written {
    json.key(key).array(|json| {
        for text in texts {
            json.string(text);
        }
        Ok(())
    })
}
