// The YAML view: the text itself, with completion from the language's own schema.
import { begin, get, say } from "./page.js";

export class YamlView {
  constructor(root, { editor, schema, nonce }, draft) {
    Object.assign(this, { root, source: editor, schemaAddress: schema, nonce, draft });
    draft.addEventListener("change", () => this.follow());
    draft.addEventListener("checked", () => this.editor?.showProblems(draft.state.problems));
  }

  /** Loaded at the first look: half a megabyte that most authors never need. */
  async open() {
    if (!this.editor) {
      const [{ createCodeEditor }, schema] = await Promise.all([import(this.source), get(this.schemaAddress)]);
      this.schema = schema;
      this.editor = createCodeEditor({
        parent: this.root, text: this.draft.state.text, label: "YAML", nonce: this.nonce, readOnly: !begin.may_edit,
        onChange: (text) => this.draft.write({ text }),
        complete: (path, word) => this.complete(path, word),
        explain: (path, word) => this.at([...path, word]).map((each) => each.description).find(Boolean) ?? null,
      });
    }
    this.follow();
  }

  follow() {
    if (!this.editor) return;
    if (this.draft.saving === "saved" || !this.root.contains(document.activeElement)) this.editor.replace(this.draft.state.text);
    this.editor.showProblems(this.draft.state.problems);
  }

  async goTo({ line, column }) {
    await this.open();
    this.editor.goTo(line, column);
  }

  complete(path, word) {
    const found = new Map();
    for (const here of this.at(path)) {
      for (const [name, value] of Object.entries(here.properties ?? {})) {
        found.set(name, { label: name, type: "property", info: this.resolve(value)[0]?.description?.split("\n")[0] });
      }
      for (const value of here.enum ?? []) found.set(String(value), { label: String(value), type: "enum" });
      if (here.const !== undefined) found.set(String(here.const), { label: String(here.const), type: "enum" });
    }
    if (["target", "fallback", "initial_state", "on_error", "on_max_tries"].includes(path.at(-1))) {
      for (const card of this.draft.state.map.cards) found.set(card.name, { label: card.name, type: "constant", detail: card.title });
    }
    return [...found.values()].filter((each) => each.label.startsWith(word) && each.label !== word);
  }

  /** Every schema that may describe the value at `path`. */
  at(path) {
    let here = this.resolve(this.schema);
    for (const part of path) {
      here = here.flatMap((each) => {
        if (part === "*") return this.resolve(each.items ?? {});
        const own = each.properties?.[part];
        const any = typeof each.additionalProperties === "object" ? each.additionalProperties : undefined;
        const patterned = Object.values(each.patternProperties ?? {})[0];
        return this.resolve(own ?? any ?? patterned ?? {});
      });
    }
    return here;
  }

  resolve(schema, depth = 0) {
    if (depth > 12) return [];
    if (schema.$ref) {
      const target = schema.$ref.replace("#/", "").split("/").reduce((value, part) => value?.[part], this.schema);
      return target ? this.resolve(target, depth + 1).map((each) => ({ description: schema.description, ...each })) : [];
    }
    const union = schema.anyOf ?? schema.oneOf;
    return union ? union.flatMap((each) => this.resolve(each, depth + 1)) : [schema];
  }
}

