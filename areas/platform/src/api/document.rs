//! The OpenAPI 3.1 document, put together from what the operations say of themselves. What all have in common is added
//! here: the token, the key of a change, and the problems.

use std::sync::Arc;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, Content, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required,
        Response, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::Type,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    problem::{FieldProblem, MEDIA_TYPE, Problem},
    route::Described,
};
use crate::texts::T;

/// The name of the token's scheme.
const TOKEN: &str = "token";
/// Statuses that every operation may answer with; each is a problem.
const PROBLEMS: [u16; 8] = [400, 401, 403, 404, 422, 429, 500, 503];
/// Those that only a change may answer with.
const PROBLEMS_OF_CHANGES: [u16; 3] = [409, 413, 415];

/// The document in one language.
pub fn document(described: &[Arc<Described>], t: &T) -> OpenApi {
    let mut info = Info::new(t.s("api-title"), "1".to_owned());
    info.description = Some(t.s("api-about"));
    info.license = Some(License::new("Apache-2.0 OR MulanPSL-2.0"));
    let mut components = Components::new();
    let mut schemas = vec![
        (Problem::name().into_owned(), Problem::schema()),
        (FieldProblem::name().into_owned(), FieldProblem::schema()),
    ];
    let mut api = OpenApiBuilder::new().info(info).build();
    for one in described {
        schemas.extend(one.schemas.iter().cloned());
        for (path, item) in &one.paths.paths {
            let item = completed(item.clone(), one, t);
            match api.paths.paths.get_mut(path) {
                Some(there) => there.merge_operations(item),
                None => drop(api.paths.paths.insert(path.clone(), item)),
            }
        }
    }
    components.schemas.extend(schemas);
    for status in PROBLEMS.into_iter().chain(PROBLEMS_OF_CHANGES) {
        components.responses.insert(problem_name(status), problem(t.s(format!("api-status-{status}"))));
    }
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some(t.s("api-token-about"));
    components.security_schemes.insert(TOKEN.to_owned(), RefOr::T(SecurityScheme::Http(token)));
    api.components = Some(components);
    api.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    api
}

fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem(description: String) -> RefOr<Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).into()
}

fn completed(mut item: PathItem, of: &Described, t: &T) -> PathItem {
    if let Some(operation) = &mut item.get {
        common(operation, of, t);
        let unchanged = Response::new(t.s("api-status-304"));
        operation.responses.responses.insert("304".into(), RefOr::T(unchanged));
    }
    if let Some(operation) = &mut item.post {
        common(operation, of, t);
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(8))
            .max_length(Some(64))
            .pattern(Some("^[A-Za-z0-9_-]{8,64}$"));
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(t.s("api-key-about")))
            .schema(Some(schema.build()));
        operation.parameters.get_or_insert_default().push(RefOr::T(key.build()));
        refer(operation, &PROBLEMS_OF_CHANGES);
    }
    item
}

fn common(operation: &mut Operation, of: &Described, t: &T) {
    let id = operation.operation_id.clone().unwrap_or_default();
    operation.summary = Some(t.code("api-operation", id.replace('_', "-")));
    let scope =
        of.scope.map(|s| t.all("api-needs", &[("scope", s.code().to_owned()), ("text", t.code("api-scope", s))]));
    let said = operation.description.take().filter(|d| !d.is_empty());
    operation.description = match (said, scope) {
        (Some(said), Some(scope)) => Some(format!("{said}\n\n{scope}")),
        (said, scope) => said.or(scope),
    };
    refer(operation, &PROBLEMS);
}

fn refer(operation: &mut Operation, statuses: &[u16]) {
    for status in statuses {
        let there = RefOr::Ref(Ref::from_response_name(problem_name(*status)));
        operation.responses.responses.entry(status.to_string()).or_insert(there);
    }
}

/// One operation, as the readable page and tests see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLine {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path.
    pub path: String,
    /// Its stable name.
    pub id: String,
    /// What it does.
    pub summary: String,
    /// More of it, and the scope.
    pub description: String,
    /// Its parameters: name, place, whether it must be there.
    pub parameters: Vec<(String, &'static str, bool)>,
    /// Its successful statuses.
    pub successes: String,
}

/// The operations of a document, by path.
pub fn operations(api: &OpenApi) -> Vec<OperationLine> {
    let of = |(path, item): (&String, &PathItem)| {
        let both = [("GET", item.get.clone()), ("POST", item.post.clone())];
        let path = path.clone();
        both.into_iter().filter_map(move |(method, o)| Some(line(method, &path, o?)))
    };
    api.paths.paths.iter().flat_map(of).collect()
}

fn line(method: &'static str, path: &str, operation: Operation) -> OperationLine {
    let parameters = operation.parameters.unwrap_or_default().into_iter().filter_map(|p| match p {
        RefOr::T(p) => Some((p.name, place(&p.parameter_in), p.required == Required::True)),
        RefOr::Ref(_) => None,
    });
    let successes: Vec<&str> =
        operation.responses.responses.keys().map(String::as_str).filter(|s| s.starts_with('2')).collect();
    OperationLine {
        method,
        path: path.to_owned(),
        id: operation.operation_id.unwrap_or_default(),
        summary: operation.summary.unwrap_or_default(),
        description: operation.description.unwrap_or_default(),
        parameters: parameters.collect(),
        successes: successes.join(", "),
    }
}

fn place(at: &ParameterIn) -> &'static str {
    match at {
        ParameterIn::Path => "path",
        ParameterIn::Header => "header",
        _ => "query",
    }
}
