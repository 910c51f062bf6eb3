package io.portproxy.tunnel.telemetry;

import java.util.List;

/** Where it is told what happens. Called by the event loops, so it neither blocks nor throws. Any thread. */
@FunctionalInterface
public interface EventSink {
    /** Tells nobody. */
    EventSink NONE = event -> {};

    /** Tells all of them, in turn. */
    static EventSink all(List<EventSink> sinks) {
        return sinks.size() == 1 ? sinks.get(0) : event -> sinks.forEach(sink -> sink.happened(event));
    }

    /** Something has happened. */
    void happened(Event event);
}
