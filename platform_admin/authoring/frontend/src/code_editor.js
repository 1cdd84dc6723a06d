// The YAML view's text editor. Knows YAML and nothing of conversations: what to complete, what to explain and what is
// wrong are handed in.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the page's own, so that light and dark need no second theme.
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.content, tags.literal], color: "var(--ink)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--quiet)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--ink)", backgroundColor: "var(--card)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px" },
  ".cm-gutters": { backgroundColor: "var(--card)", color: "var(--quiet)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--paper)" },
  "&.cm-focused": { outline: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft) !important" },
  ".cm-tooltip": { backgroundColor: "var(--card)", border: "1px solid var(--hairline)", borderRadius: "8px", padding: "4px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
});

/** The keys that lead to `position`: names, and "*" for an item of a list. The key that is being written is left out. */
export function pathAt(state, position) {
  const path = [];
  let node = syntaxTree(state).resolveInner(position, -1);
  for (; node; node = node.parent) {
    if (node.name === "Pair" || node.name === "BlockMapping" || node.name === "FlowMapping") {
      const key = node.name === "Pair" ? node.getChild("Key") : null;
      if (key && position > key.to) path.unshift(state.sliceDoc(key.from, key.to).replace(/^["']|["']$/g, ""));
    } else if (node.name === "Item") {
      path.unshift("*");
    }
  }
  return path;
}

/**
 * @param {object} options
 * @param {HTMLElement} options.parent
 * @param {string} options.text
 * @param {string} options.label  what a screen reader calls the field
 * @param {string} options.nonce  of the page's Content-Security-Policy
 * @param {(text: string) => void} options.onChange
 * @param {(path: string[], word: string) => {label: string, detail?: string, info?: string}[]} options.complete
 * @param {(path: string[], word: string) => string | null} options.explain
 */
export function createCodeEditor({ parent, text, label, nonce, onChange, complete, explain, readOnly = false }) {
  const locked = new Compartment();
  let silent = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), lintGutter(),
        yaml(), syntaxHighlighting(colours), look, indentUnit.of("  "), EditorState.tabSize.of(2),
        EditorView.cspNonce.of(nonce), EditorView.contentAttributes.of({ "aria-label": label }),
        locked.of(EditorState.readOnly.of(readOnly)),
        autocompletion({ override: [(context) => completions(context, complete)] }),
        hoverTooltip((editor, position) => explanation(editor, position, explain)),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get text() { return view.state.doc.toString(); },
    /** Somebody else changed the text (another view, an undo): take it over, keep the cursor where it was. */
    replace(next) {
      const now = view.state.doc.toString();
      if (now === next) return;
      let from = 0;
      while (from < now.length && from < next.length && now[from] === next[from]) from += 1;
      let end = 0;
      while (end < now.length - from && end < next.length - from && now.at(-1 - end) === next.at(-1 - end)) end += 1;
      silent = true;
      view.dispatch({ changes: { from, to: now.length - end, insert: next.slice(from, next.length - end) } });
      silent = false;
    },
    /** @param {{line: number, column: number, severity: "error" | "warning", message: string}[]} problems */
    showProblems(problems) {
      const { doc } = view.state;
      view.dispatch(setDiagnostics(view.state, problems.map(({ line, column, severity, message }) => {
        const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
        const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
        const word = /^[^\s,\]}]*/.exec(doc.sliceString(from, at.to))[0].length;
        return { from, to: Math.min(from + Math.max(word, 1), at.to), severity, message };
      })));
    },
    goTo(line, column) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const position = Math.min(at.from + Math.max(column - 1, 0), at.to);
      view.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: "center" }) });
      view.focus();
    },
    lock(on) { view.dispatch({ effects: locked.reconfigure(EditorState.readOnly.of(on)) }); },
    focus() { view.focus(); },
    destroy() { view.destroy(); },
  };
}

function completions(context, complete) {
  const word = context.matchBefore(/[\w@-]*/);
  if (!context.explicit && word.from === word.to) return null;
  const options = complete(pathAt(context.state, word.from), word.text);
  return options.length ? { from: word.from, options, validFor: /^[\w@-]*$/ } : null;
}

function explanation(view, position, explain) {
  const word = view.state.wordAt(position);
  const text = word && explain(pathAt(view.state, word.from), view.state.sliceDoc(word.from, word.to));
  if (!text) return null;
  return {
    pos: word.from,
    end: word.to,
    create() {
      const dom = document.createElement("div");
      dom.className = "code-hint";
      dom.textContent = text;
      return { dom };
    },
  };
}
