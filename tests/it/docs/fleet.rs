//! Do the files for Kubernetes, GitLab and Azure Pipelines that readers copy ask for what the program knows, and for no more than it
//! needs? That their systems take them is linted by `.ci/lint`; nothing here runs there.

use std::fs;

use serde_json::{Value, json};

use crate::docs::repository::root;

fn read(file: &str) -> String {
    fs::read_to_string(root().join("examples").join(file)).unwrap()
}

/// The documents of a YAML file.
fn documents(file: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(&read(file)).unwrap()
}

/// Looks whether the command line takes this.
#[track_caller]
fn is_taken(arguments: &[&str]) {
    let line = [&["rollcall"], arguments].concat();
    if let Err(error) = rollcall::cli::definition().try_get_matches_from(line) {
        panic!("{arguments:?}: {error}");
    }
}

#[test]
fn no_two_runs_in_a_cluster_overlap_or_are_tried_again_and_none_has_rights() {
    let all = documents("kubernetes/acme.yaml");
    let claim = &all[0];
    assert_eq!(
        (&claim["kind"], &claim["spec"]["accessModes"]),
        (&json!("PersistentVolumeClaim"), &json!(["ReadWriteOncePod"]))
    );
    let jobs: Vec<&Value> = all.iter().filter(|it| it["kind"] == "CronJob").collect();
    assert_eq!((all.len(), jobs.len()), (3, 2));
    for job in jobs {
        assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
        let run = &job["spec"]["jobTemplate"]["spec"];
        assert_eq!(run["backoffLimit"], 0);
        let pod = &run["template"]["spec"];
        assert_eq!(
            (&pod["restartPolicy"], &pod["automountServiceAccountToken"]),
            (&json!("Never"), &json!(false))
        );
        assert_eq!(pod["securityContext"]["runAsNonRoot"], json!(true));
        let containers =
            [&pod["initContainers"], &pod["containers"]].into_iter().flat_map(|it| it.as_array().unwrap());
        for container in containers {
            let expected = json!({
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": { "drop": ["ALL"] },
            });
            assert_eq!(container["securityContext"], expected);
            assert!(container["resources"]["limits"]["memory"].is_string(), "{container}");
        }
        let variables = pod["initContainers"][0]["env"].as_array().unwrap();
        let header = variables.iter().find(|it| it["name"] == "GIT_CONFIG_VALUE_0").unwrap();
        assert!(header["value"].is_null() && header["valueFrom"]["secretKeyRef"].is_object(), "{header}");
        let container = &pod["containers"][0];
        assert_eq!(container["envFrom"], json!([{ "secretRef": { "name": "rollcall-acme" } }]));
        let arguments: Vec<&str> =
            container["args"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        is_taken(&arguments);
        // What earlier runs sent is kept: the volume stands where this account has its run folder.
        let folder = format!("/manifests/{}/.rollcall", arguments[1]);
        let run =
            container["volumeMounts"].as_array().unwrap().iter().find(|it| it["name"] == "run").unwrap();
        assert_eq!(run["mountPath"], folder);
        let volume = pod["volumes"].as_array().unwrap().iter().find(|it| it["name"] == "run").unwrap();
        assert_eq!(volume["persistentVolumeClaim"]["claimName"], claim["metadata"]["name"]);
    }
}

/// Every command of the program in a file, as words; where the shell puts something in, a word stands for it.
fn commands(file: &str) -> Vec<Vec<String>> {
    let text = read(file);
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- "));
    let calls = lines.filter(|line| line.starts_with("rollcall "));
    let words = |line: &str| -> Vec<String> {
        let until = line.split(" </").next().unwrap_or(line).split(" ||").next().unwrap_or(line);
        let words = until.split_whitespace().skip(1).filter(|word| *word != "\"${since[@]}\"");
        words.map(|word| word.trim_matches('"').replace(['$', '{', '}'], "")).collect()
    };
    calls.map(words).collect()
}

#[test]
fn every_command_in_a_pipeline_is_one_that_the_program_takes() {
    for (file, expected) in [
        ("gitlab/.gitlab-ci.yml", &["accounts"][..]),
        ("gitlab/.gitlab/account.yml", &["plan", "apply"]),
        ("azure/azure-pipelines.yml", &["accounts", "plan", "apply"]),
    ] {
        let commands = commands(file);
        let names: Vec<&str> = commands.iter().map(|words| words[0].as_str()).collect();
        assert_eq!(names, expected, "{file}");
        for command in &commands {
            is_taken(&command.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn one_apply_of_an_account_runs_at_a_time_in_a_pipeline_and_the_plan_that_names_people_is_not_for_everybody()
{
    let account = &documents("gitlab/.gitlab/account.yml")[0];
    assert_eq!(account[".apply"]["resource_group"], "rollcall-apply-$KEY");
    assert_eq!(account[".apply"]["rules"][0]["when"], "manual");
    assert_eq!(account[".plan"]["artifacts"]["access"], "developer");
    assert_eq!(
        account[".plan"]["allow_failure"],
        json!({ "exit_codes": [2] }),
        "nothing but changes is let through"
    );
}
