package io.portproxy.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where remotes are to be kept.
 *
 * @param mode whether they are to be kept at all
 * @param folder for the file; for a database, for its snapshot
 * @param folderAsked whether somebody asked for the folder; otherwise, one that cannot be used is done without
 * @param database the database instead of the file
 */
public record StoreSettings(Mode mode, Path folder, boolean folderAsked, Optional<ExternalDatabase> database) {

    /** Whether remotes are kept. */
    public enum Mode {
        /** Where there is a place for it. */
        AUTO,
        /** Not at all: what files say is all that there is. */
        NONE,
        /** Always: without a place for it, the server does not start. */
        REQUIRED
    }

    /** Where remotes would be kept, as a line for people. Looks at files, and opens nothing. */
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

    /** Why there can be no file; empty where there is one, or can be. */
    Optional<String> unusable() {
        return DataFolder.obstacle(folder);
    }
}
