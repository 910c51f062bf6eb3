package io.portproxy.tunnel;

/** Where it is told what happens. Called by the event loops, so it neither blocks nor throws. Any thread. */
@FunctionalInterface
public interface EventSink {
    /** Tells nobody. */
    EventSink NONE = event -> {};

    /** Something has happened. */
    void happened(Event event);
}
