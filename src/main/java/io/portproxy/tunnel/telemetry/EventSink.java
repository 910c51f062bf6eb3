package io.portproxy.tunnel.telemetry;

import java.util.List;

/** A receiver of events. The event loops call it, so it must not block or throw. Any thread. */
@FunctionalInterface
public interface EventSink {
    /** Ignores all events. */
    EventSink NONE = event -> {};

    /** Returns a sink that passes each event to all of these, in order. */
    static EventSink all(List<EventSink> sinks) {
        return sinks.size() == 1 ? sinks.get(0) : event -> sinks.forEach(sink -> sink.happened(event));
    }

    /** Receives an event. */
    void happened(Event event);
}
