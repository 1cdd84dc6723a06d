// A shared draft, tried by somebody without an account: the phone alone.
import { Phone } from "./phone.js";

const root = document.getElementById("phone");
const phone = new Phone(root, root.dataset.phone, new EventTarget());
await phone.play();
root.dataset.ready = "";
