// Why something could not be done, where it was asked for.
import { RefusedError, element, say } from "./page.js";

export function tell(place, error) {
  place.querySelector(".told")?.remove();
  place.append(element("p", { class: "note told", role: "alert" }, error instanceof RefusedError ? error.message : say("offline")));
}
