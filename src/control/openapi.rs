//! The document that describes the side door, and what it is good for: naming the nearest routes and the allowed methods.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    self, ArrayBuilder, Content, Object, ObjectBuilder, OneOfBuilder, Ref, RefOr, ResponseBuilder, Schema, Type,
};
use utoipa::{Modify, OpenApi};

use super::problem::{Code, ErrorBody, Problem};
use super::signal::Bearer;

/// The document before its routes are added.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Motpart control API",
        description = "The side door of a simulation: spaces, what plays next, live sessions, and what happened. Everything is JSON.\n\n\
            Every error is `{\"error\": {\"code\", \"message\", \"help\"}}`. National numbers in answers are masked, except for the people of \
            the register, whose numbers are test numbers, and in webhooks that are written to be delivered by the caller."
    ),
    components(schemas(Bearer, ErrorBody)),
    modifiers(&Token),
    security(("token" = []))
)]
pub(super) struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("Only where the simulator was started with a control token"));
        if let Some(components) = &mut document.components {
            components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
        }
    }
}

/// Adds what is the same for every route: how it refuses.
pub(super) fn finished(mut document: openapi::OpenApi) -> openapi::OpenApi {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ErrorBody"))));
    let refusal = ResponseBuilder::new()
        .description("Not done: 400, 401, 403, 404, 409, 413, 415, 421, 422 or 429, as `code` in the body says")
        .content("application/json", content)
        .build();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".into(), RefOr::T(refusal.clone()));
        }
    }
    document
}

/// The routes of a document with their methods.
#[derive(Debug)]
pub(super) struct Routes(pub(super) Vec<(String, Vec<Method>)>);

impl Routes {
    pub(super) fn of(document: &openapi::OpenApi) -> Self {
        let methods = |item: &openapi::PathItem| {
            let known = [
                (&item.get, Method::GET),
                (&item.put, Method::PUT),
                (&item.post, Method::POST),
                (&item.delete, Method::DELETE),
                (&item.patch, Method::PATCH),
            ];
            known.into_iter().filter_map(|(operation, method)| operation.as_ref().map(|_| method)).collect()
        };
        Self(document.paths.paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect())
    }

    /// The known routes that look most like `path`.
    fn nearest(&self, path: &str) -> Vec<&str> {
        let likeness = |template: &str| {
            // What stands for anything stands for what was asked.
            let asked: Vec<&str> = path.split('/').collect();
            let filled: Vec<&str> = template
                .split('/')
                .enumerate()
                .map(|(n, part)| if part.starts_with('{') { asked.get(n).copied().unwrap_or(part) } else { part })
                .collect();
            strsim::normalized_levenshtein(path, &filled.join("/"))
        };
        let mut known: Vec<(f64, &str)> = self.0.iter().map(|(known, _)| (likeness(known), known.as_str())).collect();
        known.sort_by(|one, other| other.0.total_cmp(&one.0));
        known.into_iter().take(3).map(|(_, known)| known).collect()
    }
}

/// A name, or an object that says it whole.
pub(super) fn name_or_object() -> Schema {
    OneOfBuilder::new().item(of_type(Type::String)).item(of_type(Type::Object)).into()
}

/// A name, or a person by number.
pub(super) fn name_or_bearer() -> Schema {
    OneOfBuilder::new().item(of_type(Type::String)).item(Ref::from_schema_name("Bearer")).into()
}

/// One object or a list of them.
pub(super) fn one_or_several() -> Schema {
    let several = ArrayBuilder::new().items(of_type(Type::Object)).build();
    OneOfBuilder::new().item(of_type(Type::Object)).item(several).into()
}

fn of_type(kind: Type) -> Object {
    ObjectBuilder::new().schema_type(kind).build()
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "about", responses((status = OK, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn openapi_json(
    Extension(document): Extension<Arc<openapi::OpenApi>>,
) -> axum::Json<openapi::OpenApi> {
    axum::Json(openapi::OpenApi::clone(&document))
}

/// Answers a path that leads nowhere.
pub(super) async fn unknown_route(Extension(routes): Extension<Arc<Routes>>, request: Request) -> Problem {
    let path = request.uri().path();
    Problem::new(Code::UnknownRoute, format!("there is no route {} {path}", request.method()))
        .help(format!("the nearest are {}; all are in /_motpart/v1/openapi.json", routes.nearest(path).join(", ")))
}

/// Answers a method that a route does not have.
pub(super) async fn unknown_method(
    Extension(routes): Extension<Arc<Routes>>,
    path: Option<MatchedPath>,
    method: Method,
) -> Response {
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    let allowed = routes.0.iter().find(|(known, _)| known == path).map_or(&[][..], |(_, methods)| methods);
    let allowed = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let problem = Problem::new(Code::MethodNotAllowed, format!("{path} has no {method}"));
    let mut response = problem.help(format!("it has {allowed}")).into_response();
    if let Ok(allow) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
