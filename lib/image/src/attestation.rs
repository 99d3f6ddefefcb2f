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
    Some(Provenance { builder: builder.get("id").string(), materials: materials.collect(), arguments })
}
