package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/** Reads the files again that declare remotes, and has the server expose what they say now. Any thread; blocks. */
public interface FileReload {

    /**
     * Does it now.
     *
     * @throws RefusedFilesException they are wrong, or an address cannot be listened on; nothing has changed
     */
    Result reload();

    /** Why the files were refused when they were last read; empty if they were not. */
    Optional<String> refusal();

    /**
     * What reading files again has come to.
     *
     * @param change what was changed
     * @param restart the properties that are other than those that this process has started with, and take a restart
     */
    record Result(ChangeResult change, List<String> restart) {
        public Result {
            restart = List.copyOf(restart);
        }
    }
}
