package io.portproxy.client;

import io.portproxy.net.UnixPath;

/**
 * Unix sockets that the server may ask for: one socket, or all in a folder, but not in its subfolders.
 *
 * @param path the path of the socket or folder
 * @param folder whether the path is that of a folder
 */
public record AllowedSockets(UnixPath path, boolean folder) implements AllowedTarget {
    private static final String ALL = "/*";

    /** Returns the text of the setting: {@code unix:/run/app.sock}, or {@code unix:/run/app/*}. */
    @Override
    public String text() {
        return path + (folder ? ALL : "");
    }

    /** Compares the path as it is written, and distinguishes upper and lower case. */
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
