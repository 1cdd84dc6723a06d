// Every word of the page, in the two languages it speaks. The bot's own words come from its flow; what one may say to it
// is suggested in the bot's language, whatever the browser's.

const TEXTS = {
  en: {
    guide_title: "Talk to the bot as a customer would",
    guide_lead: "What you see here is what a customer sees on the phone: the same steps, the same calendar, the same answers.",
    guide_try: "Say, for example",
    guide_note: "This page is for trying things out. What you write reaches this bot only, not WhatsApp.",
    fact_business: "Business",
    shown_as: "Shown as on",
    web_chat: "Web chat",
    wire: "What is sent",
    fact_customer: "You are",
    start_over: "Start over as a new customer",
    presence_ready: "usually answers at once",
    presence_typing: "typing…",
    typing: "The bot is typing",
    conversation: "Conversation",
    hint_title: "Nobody has said anything yet",
    hint_text: "Write the first message, as a customer would.",
    write_label: "Your message",
    write_placeholder: "Write as the customer…",
    send: "Send",
    close: "Close",
    to_end: "Go to the newest message",
    today: "Today",
    yesterday: "Yesterday",
    you: "You",
    bot: "Bot",
    sending: "being sent",
    sent: "sent",
    answered: "answered",
    not_sent: "Not sent. Tap to try again",
    offline: "The bot cannot be reached. Trying again…",
    starting: "The bot is starting. One moment…",
    refused: "This message cannot be sent: ",
    choose: "Choose an option",
    image: "Picture",
    sticker: "Sticker",
    audio: "Sound",
    video: "Film",
    document: "Document",
    map: "Show on the map",
    reaction: "Reaction to your message",
    template: "Approved template:",
    location_request: "On the phone, a button sends the position.",
    contact_info_request: "On the phone, a button sends the number.",
    starters: ["Hello", "Book an appointment", "When are you open?"],
  },
  es: {
    guide_title: "Habla con el bot como lo haría un cliente",
    guide_lead: "Aquí ves lo mismo que tu cliente en el móvil: los mismos pasos, la misma agenda, las mismas respuestas.",
    guide_try: "Prueba a decir",
    guide_note: "Esta página sirve para probar. Lo que escribes le llega solo a este bot, no a WhatsApp.",
    fact_business: "Negocio",
    shown_as: "Como se ve en",
    web_chat: "Chat web",
    wire: "Lo que se envía",
    fact_customer: "Tú eres",
    start_over: "Empezar de nuevo como otro cliente",
    presence_ready: "suele contestar al momento",
    presence_typing: "escribiendo…",
    typing: "El bot está escribiendo",
    conversation: "Conversación",
    hint_title: "Aún no ha hablado nadie",
    hint_text: "Escribe el primer mensaje, como lo haría un cliente.",
    write_label: "Tu mensaje",
    write_placeholder: "Escribe como el cliente…",
    send: "Enviar",
    close: "Cerrar",
    to_end: "Ir al último mensaje",
    today: "Hoy",
    yesterday: "Ayer",
    you: "Tú",
    bot: "Bot",
    sending: "enviándose",
    sent: "enviado",
    answered: "contestado",
    not_sent: "No se ha enviado. Toca para reintentar",
    offline: "No se puede contactar con el bot. Reintentando…",
    starting: "El bot está arrancando. Un momento…",
    refused: "Este mensaje no se puede enviar: ",
    choose: "Elige una opción",
    image: "Imagen",
    sticker: "Sticker",
    audio: "Audio",
    video: "Vídeo",
    document: "Documento",
    map: "Ver en el mapa",
    reaction: "Reacción a tu mensaje",
    template: "Plantilla aprobada:",
    location_request: "En el móvil, un botón envía la ubicación.",
    contact_info_request: "En el móvil, un botón envía el teléfono.",
    starters: ["Hola", "Reservar", "¿Qué horario tenéis?"],
  },
};

const spoken = (tag) => (tag.toLowerCase().startsWith("es") ? "es" : "en");

export const language = spoken(navigator.languages?.[0] ?? navigator.language ?? "en");
export const text = (key) => TEXTS[language][key];

const botLanguage = spoken(document.documentElement.dataset.botLanguage);
export const starters = { language: botLanguage, words: TEXTS[botLanguage].starters };

/** Write the words into everything marked with data-text, data-label or data-placeholder. */
export function translate(root) {
  root.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of root.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", text(node.dataset.label));
    if (node.matches("button")) node.title = text(node.dataset.label);
  }
}
