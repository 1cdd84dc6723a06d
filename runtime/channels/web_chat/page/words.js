// What the widget itself says. Everything else is the flow's.

const WORDS = {
  en: {
    language: "en",
    open: "Open the chat",
    close: "Close the chat",
    conversation: "Conversation",
    you: "You",
    write: "Write a message",
    send: "Send",
    sending: "Sending …",
    not_sent: "Not sent. Try again",
    writing: "Writing",
    online: "Usually answers at once",
    offline: "No connection. Trying again …",
    send_location: "Send my location",
    my_location: "📍 My location",
    no_location: "Your browser gave no location. Write the address instead.",
    place: "Place",
    open_map: "Open the map",
    picture: "Picture",
    recording: "Recording",
    file: "Open the file",
    opens_new: "opens in a new tab",
  },
  es: {
    language: "es",
    open: "Abrir el chat",
    close: "Cerrar el chat",
    conversation: "Conversación",
    you: "Tú",
    write: "Escribe un mensaje",
    send: "Enviar",
    sending: "Enviando …",
    not_sent: "No se ha enviado. Reintentar",
    writing: "Escribiendo",
    online: "Suele responder al momento",
    offline: "Sin conexión. Reintentando …",
    send_location: "Enviar mi ubicación",
    my_location: "📍 Mi ubicación",
    no_location: "El navegador no ha dado la ubicación. Escribe la dirección.",
    place: "Lugar",
    open_map: "Ver en el mapa",
    picture: "Imagen",
    recording: "Grabación",
    file: "Abrir el archivo",
    opens_new: "se abre en otra pestaña",
  },
};

/** The words in a language (BCP 47); English where there are none. */
export function wordsIn(language) {
  return WORDS[String(language ?? "").slice(0, 2).toLowerCase()] ?? WORDS.en;
}
