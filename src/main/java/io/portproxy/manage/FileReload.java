package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/** Reads the files that declare remotes again, and makes the server expose what they declare now. Any thread; blocks. */
public interface FileReload {

    /**
     * Reads the files and applies them.
     *
     * @throws RefusedFilesException the files have errors, or an address cannot be listened on; nothing has changed
     */
    Result reload();

    /** Returns why the files were refused when they were last read; empty if they were accepted. */
    Optional<String> refusal();

    /**
     * The result of reading the files again.
     *
     * @param change what was changed
     * @param restart the properties that differ from those at the start of this process and need a restart to take effect
     */
    record Result(ChangeResult change, List<String> restart) {
        public Result {
            restart = List.copyOf(restart);
        }
    }
}
