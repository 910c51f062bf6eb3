package io.portproxy.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the server keeps remotes.
 *
 * @param mode whether the server keeps remotes
 * @param folder the folder of the file, or of the snapshot of a database
 * @param folderAsked whether the operator asked for the folder; otherwise the server runs without a folder that it cannot use
 * @param database the database that replaces the file
 */
public record StoreSettings(Mode mode, Path folder, boolean folderAsked, Optional<ExternalDatabase> database) {

    /** Whether the server keeps remotes. */
    public enum Mode {
        /** If there is a place for them. */
        AUTO,
        /** Never: there are only the remotes in files. */
        NONE,
        /** Always: without a place for them, the server does not start. */
        REQUIRED
    }

    /** Returns where the server would keep remotes, as a line for people. Looks at files, and opens nothing. */
    public String describe() {
        EmbeddedFile file = new EmbeddedFile(folder);
        if (mode == Mode.NONE) {
            return "remotes come from files only: portproxy.store is none";
        } else if (database.isPresent()) {
            return "remotes of the API are kept in the database "
                    + database.get().where();
        } else if (file.exists()) {
            return "remotes of the API are kept in " + file.path();
        }
        return unusable()
                .map(why -> "remotes come from files only: the folder " + folder + " " + why)
                .orElse("remotes of the API are kept in " + file.path() + ", which the first change creates");
    }

    /** Returns why there can be no file; empty if there is one, or if there can be one. */
    Optional<String> unusable() {
        return DataFolder.obstacle(folder);
    }
}
