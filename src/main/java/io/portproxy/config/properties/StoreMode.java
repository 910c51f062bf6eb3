package io.portproxy.config.properties;

/** Whether a server keeps remotes that come from its API. */
public enum StoreMode {
    /** If there is a place for them. */
    AUTO,
    /** Never. */
    NONE,
    /** Always: without a place for it, the server does not start. */
    REQUIRED;

    /** The default folder. */
    public static final String DEFAULT_FOLDER = "./portproxy-data";
}
