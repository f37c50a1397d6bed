//! How a list of the account looks that is not the whole list.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::sandbox::chaos::Lie;
use crate::sandbox::http::answer::{Family, envelope};
use crate::sandbox::serving::Voice;

impl Voice for Family {
    fn problem(self, status: StatusCode, message: &str) -> Response {
        envelope(status, message, self)
    }

    fn lie(self, value: &mut Value, lie: Lie) -> bool {
        tell(value, lie)
    }
}

/// Tells a lie; whether there was anything to lie about.
fn tell(value: &mut Value, lie: Lie) -> bool {
    let total = ["totalCount", "totalResults"].into_iter().find(|name| value.get(name).is_some());
    let list =
        ["results", "groups", "resources", "Resources"].into_iter().find(|name| value[*name].is_array());
    let (Some(total), Some(list)) = (total, list) else { return false };
    let counted = value[total].as_u64().unwrap_or_default();
    let Some(elements) = value[list].as_array_mut() else { return false };
    match lie {
        Lie::TotalAbove => value[total] = (counted + 1).into(),
        Lie::TotalBelow => value[total] = counted.saturating_sub(1).into(),
        Lie::Short => return elements.pop().is_some(),
        Lie::Twice => {
            let Some(first) = elements.first().cloned() else { return false };
            elements.pop();
            elements.push(first);
        }
        // The request has been sent elsewhere already.
        Lie::PageBefore => return false,
        Lie::NoGroups => elements.iter_mut().filter(|it| it.get("groups").is_some()).for_each(|element| {
            element["groups"] = Value::Null;
        }),
        Lie::GroupLess => {
            let groups = elements.iter_mut().filter_map(|element| element.get_mut("groups")?.as_array_mut());
            let mut groups = groups.filter(|groups| !groups.is_empty());
            return groups.next().and_then(Vec::pop).is_some();
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lie_changes_what_it_names_and_nothing_where_there_is_no_list() {
        let page = json!({"results": [{"id": 1, "groups": []}, {"id": 2, "groups": [{"groupId": 9}]}], "totalCount": 2});
        let after = |lie| {
            let mut page = page.clone();
            (tell(&mut page, lie), page)
        };
        assert_eq!(after(Lie::TotalAbove).1["totalCount"], 3);
        assert_eq!(after(Lie::TotalBelow).1["totalCount"], 1);
        assert_eq!(after(Lie::Short).1["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(after(Lie::Twice).1["results"][1]["id"], 1);
        assert_eq!(after(Lie::NoGroups).1["results"][1]["groups"], Value::Null);
        assert_eq!(after(Lie::GroupLess).1["results"][1]["groups"], json!([]));
        assert_eq!(after(Lie::PageBefore), (false, page.clone()));
        for lie in [Lie::TotalAbove, Lie::Short, Lie::NoGroups] {
            assert!(!tell(&mut json!({"id": 1, "groups": [{"groupId": 9}]}), lie));
            assert!(!tell(&mut json!([1, 2]), lie));
        }
    }
}
