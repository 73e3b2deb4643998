/** Parses server-sent events from pieces of text. Source: WHATWG HTML, "Server-sent events", section 9.2.6. @module */

/** A server-sent event. */
export interface ServerSentEvent {
  /** Its name; `message` if it has none. */
  readonly event: string;
  readonly data: string;
}

/** Makes a parser. It takes the next piece of the stream, and gives the events that are complete. */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  let unread = "";
  let event = "";
  let data: string[] = [];
  return (piece) => {
    const events: ServerSentEvent[] = [];
    unread += piece;
    const lines = unread.split(/\r\n|\n|\r(?!$)/);
    unread = lines.pop()!;
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) events.push({ event: event || "message", data: data.join("\n") });
        [event, data] = ["", []];
        continue;
      }
      const [, field, value] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line)!;
      if (field === "event") event = value!;
      if (field === "data") data.push(value!);
    }
    return events;
  };
}
