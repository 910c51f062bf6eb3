package io.portproxy.http;

import java.util.Locale;

/** Whether a target learns where a request came from: the {@code forwarded_headers} of an exposed port. */
public enum ForwardedHeaders {
    /** The target gets {@code X-Forwarded-For}, {@code -Host}, {@code -Port} and {@code -Proto}. */
    ADD,
    /** Adds no fields, for targets that refuse requests with such fields. Fields of this kind that a user sends are still dropped. */
    NONE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
