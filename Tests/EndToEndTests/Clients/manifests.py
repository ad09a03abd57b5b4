"""Reads and validates Kubernetes manifests.

manifests.py load DIRECTORY
    prints a JSON array of {"file", "index", "document"}: every document of every YAML file below
manifests.py fences DIRECTORY
    prints the same of the YAML in the Markdown files there and in docs
manifests.py validate DIRECTORY VERSION,… CASES
    CASES is a JSON array of {"file", "index", "patch"}: a document, and what a JSON patch changes in it beforehand;
    prints a JSON array for each of them: {version: what is wrong, or null}
"""

import json
import pathlib
import re
import sys

import jsonpatch
import jsonschema
import kubernetes_validate
import yaml


class Loader(yaml.SafeLoader):
    """As Kubernetes reads YAML: a key that comes twice is an error."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key} comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


def documents(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = "\n---\n".join(re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    return [document for document in yaml.load_all(text, Loader=Loader) if document is not None]


def load(root, patterns):
    return [
        {"file": str(path.relative_to(root)), "index": index, "document": document}
        for path in sorted(path for pattern in patterns for path in root.glob(pattern))
        for index, document in enumerate(documents(path))
    ]


def check_schema(document, name):
    text = (pathlib.Path(__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def check(document, version):
    """Raises a ValidationError if the API server of this version would refuse the document for its form."""
    kind = document["apiVersion"].partition("/")[0], document["kind"]
    if kind[0] == "kustomize.config.k8s.io":
        check_schema(document, "kustomization")
    elif kind == ("batch.volcano.sh", "Job"):
        check_schema(document, "volcano-job")
        for task in document["spec"]["tasks"]:
            # Volcano makes Pods of it; a PodTemplate is what the core has for the same fields.
            template = {
                "apiVersion": "v1",
                "kind": "PodTemplate",
                "metadata": {"name": task["name"]},
                "template": task["template"],
            }
            kubernetes_validate.validate(template, version, strict=True)
    else:
        used = kubernetes_validate.validate(document, version, strict=True)
        if used != version:
            raise SystemExit(f"there is no schema for Kubernetes {version}")


def problem(document, version):
    try:
        check(document, version)
    except jsonschema.ValidationError as error:
        return f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
    return None


def validate(directory, versions, cases):
    results = []
    for case in cases:
        document = documents(directory / case["file"])[case["index"]]
        document = jsonpatch.apply_patch(document, case["patch"])
        results.append({version: problem(document, version) for version in versions})
    return results


if __name__ == "__main__":
    action, root = sys.argv[1], pathlib.Path(sys.argv[2])
    if action == "load":
        answer = load(root, ["**/*.yaml", "**/*.yml"])
    elif action == "fences":
        answer = load(root, ["*.md", "docs/*.md"])
    else:
        answer = validate(root, sys.argv[3].split(","), json.loads(sys.argv[4]))
    json.dump(answer, sys.stdout)
