package io.portproxy.config.properties;

/** Whether a server keeps remotes that come from its API. */
public enum StoreMode {
    /** Where there is a place for it. */
    AUTO,
    /** Not at all. */
    NONE,
    /** Always: without a place for it, the server does not start. */
    REQUIRED;

    /** Where, if nobody says. */
    public static final String DEFAULT_FOLDER = "./portproxy-data";
}
