# rnncConfig.cmake -- for find_package(rnnc): finds rnnc, has rnnc_add_model.
#
# rnnc runs on the machine that builds, whatever that builds for. So the rnnc
# beside this file is only taken if it runs; in a target's root it does not,
# and then it is that of the PATH. -DRNNC_EXECUTABLE=... decides.

get_filename_component(_rnnc_bin "${CMAKE_CURRENT_LIST_DIR}/../../../bin"
                       ABSOLUTE)
find_program(_rnnc_path rnnc NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
foreach(_rnnc_try "${RNNC_EXECUTABLE}" "${_rnnc_bin}/rnnc" "${_rnnc_path}")
  if(EXISTS "${_rnnc_try}")
    execute_process(COMMAND "${_rnnc_try}" --version RESULT_VARIABLE _rnnc_status
                    OUTPUT_QUIET ERROR_QUIET)
    if(_rnnc_status EQUAL 0)
      set(RNNC_EXECUTABLE "${_rnnc_try}" CACHE FILEPATH
          "rnnc for the machine that builds" FORCE)
      break()
    endif()
  endif()
endforeach()

if(NOT _rnnc_status EQUAL 0)
  set(rnnc_FOUND FALSE)
  set(rnnc_NOT_FOUND_MESSAGE
      "no rnnc that runs on this machine, neither in ${_rnnc_bin} nor in PATH; \
set RNNC_EXECUTABLE")
  return()
endif()
include("${CMAKE_CURRENT_LIST_DIR}/rnncAddModel.cmake")
