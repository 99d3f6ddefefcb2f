//! What a builder attests about a build: in-toto statements with SLSA's predicate, versions 0.2 and 1.

use crate::json::Json;

/// How an image was built, as its builder attests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The builder's name for itself, an URI.
    pub builder: Option<String>,
    /// What the build started from: base images, sources, the frontend.
    pub materials: Vec<Material>,
    /// Build arguments and other parameters, such as `build-arg:NAME`, sorted: arguments that hold secrets stand here
    /// in the clear.
    pub arguments: Vec<(String, String)>,
    /// Every other text of the statement in which there is a secret, in the clear: builders attest commands, variables,
    /// the Dockerfile (in base64) and URLs of sources.
    pub secret_texts: Vec<String>,
}

/// Something that a build started from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// A package URL such as `pkg:docker/debian@bookworm`, or another URI.
    pub uri: String,
    /// Its SHA-256 in hexadecimal digits, where it is given.
    pub sha256: Option<String>,
}

/// Reads a statement; `None` where its predicate is none about provenance.
pub(crate) fn provenance(statement: &Json) -> Option<Provenance> {
    let predicate = statement.get("predicate");
    if !statement.get("predicateType").text()?.contains("provenance") {
        return None;
    }
    let definition = predicate.get("buildDefinition");
    let (materials, parameters, builder) = if definition.is_null() {
        (predicate.get("materials"), predicate.get("invocation").get("parameters"), predicate.get("builder"))
    } else {
        (
            definition.get("resolvedDependencies"),
            definition.get("externalParameters").get("request"),
            predicate.get("runDetails").get("builder"),
        )
    };
    let materials = materials.array().iter().filter_map(|material| {
        Some(Material { uri: material.get("uri").string()?, sha256: material.get("digest").get("sha256").string() })
    });
    let arguments = parameters.get("args").members();
    let mut arguments: Vec<(String, String)> =
        arguments.filter_map(|(name, value)| Some((name.to_owned(), value.string()?))).collect();
    arguments.sort();
    let secret_texts = secret_texts(statement, parameters.get("args"));
    Some(Provenance { builder: builder.get("id").string(), materials: materials.collect(), arguments, secret_texts })
}

/// The texts of a statement that hold secrets, but for one part of it.
fn secret_texts(statement: &Json, but: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![statement];
    while let Some(value) = open.pop() {
        if std::ptr::eq(value, but) {
            continue;
        }
        found
            .extend(value.text().filter(|text| !plimsoll_secrets::scan(text.as_bytes()).is_empty()).map(str::to_owned));
        open.extend(value.members().map(|(_, value)| value).chain(value.array()));
    }
    found.sort();
    found.dedup();
    found
}
