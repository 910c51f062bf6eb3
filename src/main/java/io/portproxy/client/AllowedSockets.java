package io.portproxy.client;

import io.portproxy.net.UnixPath;

/**
 * Unix sockets: one, or all that are in a folder, but not in folders below it.
 *
 * @param path of the socket or folder
 * @param folder whether it is a folder's
 */
public record AllowedSockets(UnixPath path, boolean folder) implements AllowedTarget {
    private static final String ALL = "/*";

    /** As it is written: {@code unix:/run/app.sock}, or {@code unix:/run/app/*}. */
    @Override
    public String text() {
        return path + (folder ? ALL : "");
    }

    /** A path is compared as it is written, with its case. */
    @Override
    public boolean allows(String wantedHost, int wantedPort) {
        if (wantedPort != 0
                || !UnixPath.isWritten(wantedHost)
                || UnixPath.wrongText(wantedHost).isPresent()) {
            return false;
        }
        String wanted = UnixPath.parse(wantedHost).path();
        return folder
                ? wanted.lastIndexOf('/') == path.path().length() && wanted.startsWith(path.path())
                : wanted.equals(path.path());
    }
}
