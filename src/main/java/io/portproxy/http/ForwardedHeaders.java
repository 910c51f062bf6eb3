package io.portproxy.http;

import java.util.Locale;

/** Whether targets are told where a request came from: the {@code forwarded_headers} of an exposed port. */
public enum ForwardedHeaders {
    /** By {@code X-Forwarded-For}, {@code -Host}, {@code -Port} and {@code -Proto}. */
    ADD,
    /** Not at all, for targets that refuse requests with such fields. What a user sends of them is dropped even so. */
    NONE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
